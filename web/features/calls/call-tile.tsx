"use client";
import { Maximize2, Mic, MicOff, PhoneOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { type PointerEvent, useRef, useState } from "react";
import type { Call, CallSnapshot } from "../../lib/types.ts";
import { cx } from "../../ui/cx.ts";
import { Face } from "../contacts/face.tsx";
import { CallTime } from "./call-time.tsx";
import { useCalls } from "./model.ts";
import { useShortcuts } from "./shortcuts.ts";
import { clampTile, nearestCorner, type Spot } from "./tile-place.ts";
import { Video } from "./video.tsx";
import { useStateWords } from "./words.ts";

const size = { width: 216, height: 162 };

/** The call beside the chat: drag it, it settles in the nearest corner. Arrow keys move it too. */
export function CallTile({ call, snapshot }: { call: Call; snapshot: CallSnapshot }) {
  const t = useTranslations("calls");
  const { setShrunk } = useCalls();
  const words = useStateWords(snapshot);
  const [spot, setSpot] = useState<Spot>(() => nearestCorner({ x: innerWidth, y: 0 }, size, screen()));
  const [dragging, setDragging] = useState(false);
  const grip = useRef({ x: 0, y: 0 });
  useShortcuts(call, snapshot);
  const { contact, muted, connectedAt, remote } = snapshot;
  const name = contact.pseudonym;
  const picture = remote.cameraOn && call.remoteStream !== undefined && connectedAt !== undefined;

  const down = (event: PointerEvent<HTMLElement>) => {
    if ((event.target as HTMLElement).closest("button")) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { x: event.clientX - spot.x, y: event.clientY - spot.y };
    setDragging(true);
  };
  const move = (event: PointerEvent) => {
    if (dragging)
      setSpot(clampTile({ x: event.clientX - grip.current.x, y: event.clientY - grip.current.y }, size, screen()));
  };
  const up = () => {
    if (!dragging) return;
    setDragging(false);
    setSpot(nearestCorner(spot, size, screen()));
  };
  const byKey = (key: string) => {
    const far = 10_000;
    const step = { ArrowLeft: { x: -far }, ArrowRight: { x: far }, ArrowUp: { y: -far }, ArrowDown: { y: far } }[key];
    if (step) setSpot(nearestCorner({ x: spot.x, y: spot.y, ...step }, size, screen()));
    return step !== undefined;
  };

  return (
    <section
      aria-label={t("tile", { name })}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: can be moved with the arrow keys
      tabIndex={0}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onKeyDown={(event) => event.target === event.currentTarget && byKey(event.key) && event.preventDefault()}
      className={cx(
        "anim-grow fixed top-0 left-0 z-45 touch-none overflow-hidden rounded-lg bg-stage text-on-stage shadow-float",
        dragging ? "cursor-grabbing" : "cursor-grab transition-[translate] duration-200 ease-out",
      )}
      style={{ width: size.width, height: size.height, translate: `${spot.x}px ${spot.y}px` }}
    >
      {picture ? (
        <Video
          stream={call.remoteStream}
          label={t("remoteVideo", { name })}
          className="pointer-events-none absolute inset-0 size-full object-cover"
        />
      ) : (
        <div className="pointer-events-none flex h-[112px] items-center justify-center gap-3 px-4">
          <Face contact={contact} size={44} />
          <div className="min-w-0">
            <p className="truncate font-semibold">{name}</p>
            <p className="text-13 text-on-stage-soft">
              {connectedAt !== undefined ? <CallTime since={connectedAt} /> : words}
            </p>
          </div>
        </div>
      )}
      <div className="absolute inset-x-0 bottom-0 flex justify-center gap-1.5 p-1.5">
        <TileButton label={t("grow")} onClick={() => setShrunk(false)}>
          <Maximize2 aria-hidden className="size-4.5" />
        </TileButton>
        <TileButton label={muted ? t("unmute") : t("mute")} on={muted} onClick={() => void call.setMuted(!muted)}>
          {muted ? <MicOff aria-hidden className="size-4.5" /> : <Mic aria-hidden className="size-4.5" />}
        </TileButton>
        <TileButton label={t("hangUp")} danger onClick={() => void call.hangUp()}>
          <PhoneOff aria-hidden className="size-4.5" />
        </TileButton>
      </div>
    </section>
  );
}

interface TileButtonProps {
  label: string;
  danger?: boolean;
  on?: boolean;
  onClick(): void;
  children: React.ReactNode;
}

function TileButton({ label, danger, on, onClick, children }: TileButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className={cx(
        "pressable flex size-11 items-center justify-center rounded-full",
        danger ? "bg-[oklch(0.53_0.18_27)] text-white" : on ? "bg-on-stage text-stage" : "bg-stage-raised/90",
      )}
    >
      {children}
    </button>
  );
}

function screen() {
  return { width: innerWidth, height: innerHeight };
}
