import type { Argon2id } from "./types.ts";

/**
 * Security codes are stretched beside the page. Workers are built beside the pages (scripts/build-workers.ts): the bundler's
 * own ones read their settings from the fragment of their address, which a service worker's answer does not keep.
 */
export async function stretchBeside(): Promise<Argon2id> {
  const { argon2idInWorker } = await import("@skrumble/sdk");
  return argon2idInWorker(() => new Worker("/argon2id-worker.js", { type: "module" }));
}
