import { Worker as NodeWorker } from "node:worker_threads";
import { describe, expect, test, vi } from "vitest";
import { argon2id } from "../../src/crypto/argon2id.ts";
import { type Argon2Message, argon2idInWorker } from "../../src/crypto/argon2idInWorker.ts";
import { utf8 } from "../../src/crypto/bytes.ts";

const [password, salt] = [utf8("copper lantern"), utf8("0123456789abcdef0123456789abcdef")];

/** What of a browser's worker is used, and what a test makes it do. */
function scripted(act: (worker: Worker, task?: unknown) => void): { open: () => Worker; ended: () => boolean } {
  let ended = false;
  const open = () => {
    const worker = {
      postMessage: (task: unknown) => act(worker, task),
      terminate() {
        ended = true;
      },
    } as unknown as Worker;
    queueMicrotask(() => act(worker));
    return worker;
  };
  return { open, ended: () => ended };
}

const tell = (worker: Worker, data: Argon2Message) => worker.onmessage?.({ data } as MessageEvent);

/** The real worker file in a thread of Node, which lacks only the browser's names for its channel. */
function inThread(): Worker {
  const file = new URL("../../src/crypto/argon2idWorker.ts", import.meta.url);
  const begin = `
    const { parentPort } = require("node:worker_threads");
    globalThis.postMessage = (message) => parentPort.postMessage(message);
    parentPort.on("message", (data) => globalThis.onmessage({ data }));
    import(${JSON.stringify(file.href)});`;
  const thread = new NodeWorker(begin, { eval: true });
  const worker = {
    postMessage: (task: unknown) => thread.postMessage(task),
    terminate: () => void thread.terminate(),
  } as unknown as Worker;
  thread.on("message", (data: Argon2Message) => tell(worker, data));
  thread.on("error", (error) => worker.onerror?.({ preventDefault() {}, error } as unknown as ErrorEvent));
  return worker;
}

describe("Argon2id in a worker", () => {
  test("gives what the page itself would give", async () => {
    let opened = 0;
    const run = argon2idInWorker(() => {
      opened++;
      return inThread();
    });
    expect(await run(password, salt)).toEqual(await argon2id(password, salt));
    expect(opened).toBe(1);
  });

  test.each([
    [
      "has no workers",
      () => {
        throw new DOMException("Refused by a policy", "SecurityError");
      },
    ],
    ["cannot load the file", scripted((worker) => worker.onerror?.({ preventDefault() {} } as ErrorEvent)).open],
    ["cannot pass messages", scripted((worker) => worker.onmessageerror?.({} as MessageEvent)).open],
  ])("a browser that %s does it in the page", async (_, open) => {
    expect(await argon2idInWorker(open)(password, salt)).toEqual(await argon2id(password, salt));
  });

  test("a worker that never begins is not waited for", async () => {
    vi.useFakeTimers();
    const { open, ended } = scripted(() => {});
    const key = argon2idInWorker(open)(password, salt);
    await vi.advanceTimersByTimeAsync(6_000);
    vi.useRealTimers();
    expect(await key).toEqual(await argon2id(password, salt));
    expect(ended()).toBe(true);
  });

  test("what went wrong in the worker is a typed error, and the worker ends", async () => {
    const { open, ended } = scripted((worker, task) =>
      tell(worker, task ? { type: "failed", code: "ARGON2_FAILED" } : { type: "ready" }),
    );
    await expect(argon2idInWorker(open)(password, salt)).rejects.toMatchObject({ code: "ARGON2_FAILED" });
    expect(ended()).toBe(true);
  });
});
