import { useRef, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { ErrorCode } from "../../lib/types.ts";

/** One thing at a time: which, and what went wrong with it. */
export function useRun<Key extends string>() {
  const [busy, setBusy] = useState<Key>();
  const [error, setError] = useState<ErrorCode>();
  /** The state comes too late for a key that is held, or a second click. */
  const running = useRef(false);
  /** True when it went well; false also when something is under way already. */
  const run = async (key: Key, work: () => Promise<unknown>): Promise<boolean> => {
    if (running.current) return false;
    running.current = true;
    setBusy(key);
    setError(undefined);
    try {
      await work();
      return true;
    } catch (failed) {
      setError(codeOf(failed));
      return false;
    } finally {
      running.current = false;
      setBusy(undefined);
    }
  };
  return { busy, error, run };
}
