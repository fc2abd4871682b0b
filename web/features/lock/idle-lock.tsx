"use client";
import { useEffect } from "react";
import { usePreferences } from "../../lib/preferences.ts";
import { isCalling, useCalls } from "../calls/model.ts";
import { sayActive, useSession } from "../session/model.ts";
import { watchActivity, watchIdle } from "./idle.ts";

/** Shuts the lock after the time that was chosen, except during a call. Shows nothing. */
export default function IdleLock() {
  const { locks, lock } = useSession();
  const follows = useSession(({ session }) => session.status === "joined" && session.follows === true);
  const minutes = usePreferences((state) => state.lockMinutes);
  useEffect(() => {
    // Where another tab leads it also locks, and hears that somebody is here.
    if (follows) return watchActivity(sayActive);
    if (!locks || minutes <= 0) return;
    const busy = () => isCalling(useCalls.getState());
    return watchIdle({ minutes, busy, onIdle: () => void lock() });
  }, [locks, lock, minutes, follows]);
  return null;
}
