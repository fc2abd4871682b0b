import { useEffect, useLayoutEffect, useRef } from "react";

/** What the boot script (boot.ts) leaves on the root element. */
interface Booted extends HTMLElement {
  /** The button that was pressed last before the page was awake. */
  pressed?: HTMLElement | null | undefined;
  awake?: boolean;
}

/**
 * Buttons are seen before their code has come: on a slow line whoever is quick would press one in vain. As soon as the page
 * is awake it does what was asked last.
 */
export function useEarlyPress(): void {
  const press = useRef<HTMLElement>(null);
  // With the very commit that gives the buttons their code: what is pressed from now on is theirs alone.
  useLayoutEffect(() => {
    const root = document.documentElement as Booted;
    if (!root.awake) press.current = root.pressed ?? null;
    root.awake = true;
    root.pressed = undefined;
  }, []);
  useEffect(() => {
    const pressed = press.current;
    press.current = null;
    if (pressed?.isConnected) pressed.click();
  }, []);
}
