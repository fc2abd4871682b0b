"use client";
import { useEffect, useRef } from "react";
import { cx } from "../../ui/cx.ts";

interface VideoProps {
  stream: MediaStream | undefined;
  label: string;
  /** One's own picture is shown as in a mirror. */
  mirrored?: boolean;
  className?: string;
}

/** Always silent: sound plays in one place, so that it goes on when the picture moves between screen and tile. */
export function Video({ stream, label, mirrored, className }: VideoProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element || element.srcObject === (stream ?? null)) return;
    element.srcObject = stream ?? null;
  }, [stream]);
  return (
    <video
      ref={video}
      aria-label={label}
      autoPlay
      playsInline
      muted
      className={cx(mirrored && "-scale-x-100", className)}
    />
  );
}
