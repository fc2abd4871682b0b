import { SkrumbleError } from "../../errors/index.ts";

/**
 * Work that has a limit in whole, whatever its parts wait for: it is told to stop, and not waited for any more.
 * @param limit in milliseconds
 * @param late what is thrown then
 * @throws SkrumbleError ABORTED, and what work and `late` throw
 */
export function withDeadline<T>(
  work: (signal: AbortSignal) => Promise<T>,
  limit: number,
  late: () => SkrumbleError,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const ending = new AbortController();
    const end = (error: SkrumbleError) => {
      reject(error);
      done();
      ending.abort();
    };
    const abort = () => end(new SkrumbleError("ABORTED"));
    const timer = setTimeout(() => end(late()), limit);
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort);
    work(ending.signal).then(resolve, reject).finally(done);
  });
}
