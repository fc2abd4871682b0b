import { useCallback, useEffect, useState } from "react";
import { storeLock } from "../../lib/store-lock.ts";

/** Seconds until the next code is looked at, as the store says, counted down; 0 when there is nothing to wait for. */
export function usePause(): { seconds: number; look(): Promise<void> } {
  const [until, setUntil] = useState(0);
  const [now, setNow] = useState(() => Date.now());
  const look = useCallback(async () => {
    const { until: next } = await storeLock.read();
    setNow(Date.now());
    setUntil(next);
  }, []);
  useEffect(() => {
    look().catch(() => undefined); // the code itself will tell what is wrong with the store
  }, [look]);
  const waits = until > now;
  useEffect(() => {
    if (!waits) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [waits]);
  return { seconds: waits ? Math.ceil((until - now) / 1000) : 0, look };
}
