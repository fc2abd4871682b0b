"use client";
import { useEffect, useState } from "react";
import type { Millis } from "../../lib/types.ts";
import { duration } from "../../lib/when.ts";

export function CallTime({ since }: { since: Millis }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span role="timer" className="tabular">
      {duration((now - since) / 1_000)}
    </span>
  );
}
