"use client";
import { useTranslations } from "next-intl";
import { frameLoop, QRCanvas, rearCamera } from "qr/dom.js";
import { useEffect, useRef } from "react";
import type { ErrorCode } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";

interface ScannerProps {
  onText(text: string): void;
  onStop(): void;
  onError(code: ErrorCode): void;
}

/** Reads a code with the camera. Frames stay in this page. */
export default function Scanner({ onText, onStop, onError }: ScannerProps) {
  const t = useTranslations("contact");
  const video = useRef<HTMLVideoElement>(null);
  const latest = useRef({ onText, onStop, onError });
  latest.current = { onText, onStop, onError };

  useEffect(() => {
    let stopped = false;
    let release = () => {};
    const start = async (player: HTMLVideoElement) => {
      const camera = await rearCamera(player);
      if (stopped) return camera.stop();
      const canvas = new QRCanvas();
      const cancel = frameLoop(async () => {
        // The player has no size while its frame begins to grow, and none any more when it has gone: nothing to read then.
        if (stopped || player.clientWidth === 0 || player.clientHeight === 0) return;
        const text = await camera.readFrame(canvas);
        if (typeof text !== "string" || stopped) return;
        stopped = true;
        latest.current.onText(text);
      }, player);
      release = () => {
        cancel();
        camera.stop();
      };
    };
    if (video.current) {
      start(video.current).catch((error: unknown) => {
        latest.current.onError(cameraProblem(error));
        latest.current.onStop();
      });
    }
    return () => {
      stopped = true;
      release();
    };
  }, []);

  return (
    <div className="anim-grow mt-4 overflow-hidden rounded-lg bg-stage">
      <div className="relative overflow-hidden">
        <video ref={video} muted playsInline className="aspect-square max-h-[46dvh] w-full object-cover" />
        <div
          aria-hidden
          className="pointer-events-none absolute inset-0 m-auto aspect-square h-[72%] rounded-lg border-2 border-on-stage/80 shadow-[0_0_0_100vmax_oklch(0.15_0.01_230/0.45)]"
        />
      </div>
      <div className="flex items-center justify-between gap-3 py-2 pr-2 pl-4 text-13 text-on-stage">
        <p role="status">{t("scanning")}</p>
        <Button small onClick={onStop}>
          {t("scanStop")}
        </Button>
      </div>
    </div>
  );
}

function cameraProblem(error: unknown): ErrorCode {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError") return "CAMERA_DENIED";
  if (name === "NotFoundError") return "CAMERA_MISSING";
  return "CAMERA_UNAVAILABLE";
}
