import { codeOf } from "../errors/index.ts";
import { argon2id } from "./argon2id.ts";
import type { Argon2Message, Argon2Task } from "./argon2idInWorker.ts";

/**
 * Worker that stretches one security code, so that the page stays alive meanwhile. It is a module file of its own, so a
 * page with a strict CSP (worker-src 'self') can load it.
 */

interface StretchScope {
  onmessage: ((event: { data: Argon2Task }) => void) | null;
  postMessage(message: Argon2Message): void;
}

const scope = globalThis as unknown as StretchScope;

scope.onmessage = ({ data }) => {
  argon2id(data.password, data.salt).then(
    (key) => scope.postMessage({ type: "done", key }),
    (error: unknown) => scope.postMessage({ type: "failed", code: codeOf(error) }),
  );
};

scope.postMessage({ type: "ready" });
