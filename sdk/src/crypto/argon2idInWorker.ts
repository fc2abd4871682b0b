import { type ErrorCode, SkrumbleError } from "../errors/index.ts";
import { type Argon2id, argon2id } from "./argon2id.ts";

/** To the worker. */
export interface Argon2Task {
  password: Uint8Array;
  salt: Uint8Array;
}

/** From the worker. */
export type Argon2Message = { type: "ready" } | { type: "done"; key: Uint8Array } | { type: "failed"; code: ErrorCode };

/** A worker that has not begun by then, in milliseconds, is not coming: its file may be out of reach. */
const patience = 5_000;

/**
 * Argon2id beside the page, whose thread it would hold for about 0.3 s. One worker per code: it takes its 64 MiB with it.
 * Where no worker can be had the work is done here instead; the result is the same.
 *
 * @param open takes a fresh worker into service that runs `@skrumble/sdk/crypto/argon2id-worker`, for instance
 * `() => new Worker(new URL("...", import.meta.url), { type: "module" })`
 * @returns a function that throws SkrumbleError ARGON2_FAILED
 */
export function argon2idInWorker(open: () => Worker): Argon2id {
  return async (password, salt) => {
    const answer = await ask(open, { password, salt });
    if (!answer) return argon2id(password, salt);
    if (answer.type === "failed") throw new SkrumbleError(answer.code);
    return answer.key;
  };
}

type Answer = Exclude<Argon2Message, { type: "ready" }>;

/** @returns nothing when the worker cannot run */
function ask(open: () => Worker, task: Argon2Task): Promise<Answer | undefined> {
  let worker: Worker;
  try {
    worker = open();
  } catch {
    return Promise.resolve(undefined);
  }
  const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
  const timer = setTimeout(() => resolve(undefined), patience);
  worker.onerror = (event) => {
    // Told here, so that the page's own handlers do not hear of it as well.
    event.preventDefault();
    resolve(undefined);
  };
  worker.onmessageerror = () => resolve(undefined);
  worker.onmessage = ({ data }: MessageEvent<Argon2Message>) => {
    if (data.type !== "ready") return resolve(data);
    clearTimeout(timer);
    worker.postMessage(task);
  };
  return promise.finally(() => {
    clearTimeout(timer);
    worker.terminate();
  });
}
