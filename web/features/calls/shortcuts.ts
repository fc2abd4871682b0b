import { useEffect } from "react";
import type { Call, CallSnapshot } from "../../lib/types.ts";
import { useCalls } from "./model.ts";

/** M mute, V camera, H hang up, Esc back to the chat; never while somebody types. */
export function useShortcuts(call: Call, snapshot: CallSnapshot): void {
  const { muted, cameraOn, state } = snapshot;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // Escape that has closed a sheet or a menu is used up.
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.repeat) return;
      if (state === "ended") return;
      const target = event.target as HTMLElement | null;
      if (target?.closest("input, textarea, select, [contenteditable], [role=menu]")) return;
      const key = event.key.toLowerCase();
      if (key === "m") void call.setMuted(!muted);
      else if (key === "v") void call.setCamera(!cameraOn);
      else if (key === "h") void call.hangUp();
      else if (key === "escape") useCalls.getState().setShrunk(true);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [call, muted, cameraOn, state]);
}
