import { startTransition, useEffect, useState } from "react";

/** Whether a frame has gone out since there was something to show. */
export function usePainted(something: boolean): boolean {
  const [painted, setPainted] = useState(false);
  useEffect(() => {
    if (!something) return;
    let timer: ReturnType<typeof setTimeout>;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => startTransition(() => setPainted(true)));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [something]);
  return painted;
}
