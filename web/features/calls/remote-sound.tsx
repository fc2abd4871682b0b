"use client";
import { useEffect, useRef } from "react";
import { usePreferences } from "../../lib/preferences.ts";

export function RemoteSound({ stream }: { stream: MediaStream | undefined }) {
  const audio = useRef<HTMLAudioElement>(null);
  const speaker = usePreferences((state) => state.speaker);
  useEffect(() => {
    const element = audio.current;
    if (!element || element.srcObject === (stream ?? null)) return;
    element.srcObject = stream ?? null;
    void element.play().catch(() => undefined); // plays with the next click where the browser insists on one
  }, [stream]);
  useEffect(() => {
    const element = audio.current;
    if (element && "setSinkId" in element) void element.setSinkId(speaker).catch(() => undefined);
  }, [speaker]);
  // biome-ignore lint/a11y/useMediaCaption: live speech of a call has no captions
  return <audio ref={audio} autoPlay />;
}
