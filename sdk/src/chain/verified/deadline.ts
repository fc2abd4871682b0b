import { SkrumbleError } from "../../errors/index.ts";

/**
 * Work that has a limit in whole, whatever its parts wait for: it is told to stop, and not waited for any more.
 * @param work may say that it goes on: then the limit begins anew
 * @param limit in milliseconds
 * @param late what is thrown then
 * @throws SkrumbleError ABORTED, and what work and `late` throw
 */
export function withDeadline<T>(
  work: (signal: AbortSignal, goOn: () => void) => Promise<T>,
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
    const begin = () => setTimeout(() => end(late()), limit);
    let timer = begin();
    let isDone = false;
    const goOn = () => {
      if (isDone) return;
      clearTimeout(timer);
      timer = begin();
    };
    const done = () => {
      isDone = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort);
    work(ending.signal, goOn).then(resolve, reject).finally(done);
  });
}
