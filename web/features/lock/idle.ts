/** Signs that somebody is there; the last one comes from a tab that follows this one. */
const signs = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "skrumble:active"] as const;
/** How often it is looked whether the time is over: a device that slept finds out as soon as it wakes. */
const lookMs = 5_000;

interface IdleOptions {
  minutes: number;
  /** A call or the like: nobody touches anything, and all the same somebody is there. */
  busy(): boolean;
  onIdle(): void;
}

/** Calls `onIdle` once, when nobody has touched the page for so many minutes. Returns how to stop. */
export function watchIdle({ minutes, busy, onIdle }: IdleOptions): () => void {
  const limit = minutes * 60_000;
  let last = Date.now();
  const touched = () => {
    // What wakes a device that has slept too long is no sign of its owner.
    if (Date.now() - last < limit) last = Date.now();
    else look();
  };
  const look = () => {
    if (busy()) last = Date.now();
    if (Date.now() - last < limit) return;
    stop();
    onIdle();
  };
  const timer = setInterval(look, lookMs);
  const stop = () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
    for (const sign of signs) removeEventListener(sign, touched, true);
  };
  document.addEventListener("visibilitychange", look);
  for (const sign of signs) addEventListener(sign, touched, { capture: true, passive: true });
  return stop;
}

/** Calls back whenever somebody touches the page. Returns how to stop. */
export function watchActivity(onActive: () => void): () => void {
  for (const sign of signs) addEventListener(sign, onActive, { capture: true, passive: true });
  return () => {
    for (const sign of signs) removeEventListener(sign, onActive, true);
  };
}
