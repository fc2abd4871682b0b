import { useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { ErrorCode } from "../../lib/types.ts";

/** One thing at a time: which, and what went wrong with it. */
export function useRun<Key extends string>() {
  const [busy, setBusy] = useState<Key>();
  const [error, setError] = useState<ErrorCode>();
  /** True when it went well. */
  const run = async (key: Key, work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(key);
    setError(undefined);
    try {
      await work();
      return true;
    } catch (failed) {
      setError(codeOf(failed));
      return false;
    } finally {
      setBusy(undefined);
    }
  };
  return { busy, error, run };
}
