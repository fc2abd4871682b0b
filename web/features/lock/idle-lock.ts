"use client";
import { useEffect } from "react";
import { usePreferences } from "../../lib/preferences.ts";
import { useCalls } from "../calls/model.ts";
import { useSession } from "../session/model.ts";
import { watchIdle } from "./idle.ts";

/** Shuts the lock after the time that was chosen, except during a call. */
export function useIdleLock(): void {
  const { locks, lock } = useSession();
  const minutes = usePreferences((state) => state.lockMinutes);
  useEffect(() => {
    if (!locks || minutes <= 0) return;
    const busy = () => useCalls.getState().snapshot !== undefined;
    return watchIdle({ minutes, busy, onIdle: () => void lock() });
  }, [locks, lock, minutes]);
}
