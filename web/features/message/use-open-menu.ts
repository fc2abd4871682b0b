import { type MouseEvent, type PointerEvent, useEffect, useRef, useState } from "react";

/** Safari on phones has no event for a long press. */
const longPressMs = 500;
const stillPx = 10;

/** Where a menu opens: at the pointer, within the element that carries these handlers. */
export type OpenMenu = ReturnType<typeof useOpenMenu>;

export function useOpenMenu() {
  const [point, setPoint] = useState({ left: 0, top: 0 });
  const [open, setOpen] = useState(false);
  /** It has been open once. */
  const [used, setUsed] = useState(false);
  const press = useRef<{ x: number; y: number; timer: ReturnType<typeof setTimeout> }>(undefined);

  const openAt = (frame: Element, x: number, y: number) => {
    const { left, top } = frame.getBoundingClientRect();
    setPoint({ left: x - left, top: y - top });
    setUsed(true);
    setOpen(true);
  };
  const letGo = () => {
    clearTimeout(press.current?.timer);
    press.current = undefined;
  };
  useEffect(() => () => clearTimeout(press.current?.timer), []);

  return {
    point,
    open,
    used,
    setOpen,
    openAt,
    handlers: {
      // Right click, the menu key, and the long press of most phones.
      onContextMenu(event: MouseEvent) {
        event.preventDefault();
        letGo();
        openAt(event.currentTarget, event.clientX, event.clientY);
      },
      onPointerDown(event: PointerEvent) {
        letGo();
        if (event.pointerType !== "touch") return;
        const { currentTarget, clientX: x, clientY: y } = event;
        press.current = { x, y, timer: setTimeout(() => openAt(currentTarget, x, y), longPressMs) };
      },
      onPointerMove(event: PointerEvent) {
        const begun = press.current;
        if (begun && Math.hypot(event.clientX - begun.x, event.clientY - begun.y) > stillPx) letGo();
      },
      onPointerUp: letGo,
      onPointerCancel: letGo,
    },
  };
}
