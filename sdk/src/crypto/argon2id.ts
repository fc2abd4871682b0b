import { SkrumbleError } from "../errors/index.ts";
import { breathe } from "./breathe.ts";
import type { Bytes } from "./bytes.ts";

/** RFC 9106, version 0x13. Changing a number changes everybody's identity. */
export const argon2Parameters = { memoryKiB: 64 * 1024, iterations: 3, parallelism: 1, length: 32 } as const;

/** Stretches a security code. 64 MiB and about 0.3 s in WebAssembly. */
export type Argon2id = (password: Uint8Array, salt: Uint8Array) => Promise<Uint8Array>;

/**
 * Runs in WebAssembly, which a page's CSP has to allow by 'wasm-unsafe-eval'; where that is not so, in plain
 * JavaScript, slower and in slices so that the page stays alive.
 * @throws SkrumbleError ARGON2_FAILED
 */
export const argon2id: Argon2id = async (password, salt) => {
  // Lets the page paint its progress before the thread is busy.
  await breathe();
  try {
    return await inWebAssembly(password, salt);
  } catch {
    return inJavaScript(password, salt);
  }
};

async function inWebAssembly(password: Uint8Array, salt: Uint8Array): Promise<Bytes> {
  const { argon2id: run } = await import("./argon2idWasm.ts");
  const { memoryKiB, iterations, parallelism, length } = argon2Parameters;
  const options = { password, salt, iterations, parallelism, memorySize: memoryKiB, hashLength: length } as const;
  return new Uint8Array(await run({ ...options, outputType: "binary" }));
}

async function inJavaScript(password: Uint8Array, salt: Uint8Array): Promise<Bytes> {
  const { argon2idAsync } = await import("@noble/hashes/argon2.js");
  const { memoryKiB, iterations, parallelism, length } = argon2Parameters;
  try {
    const options = { t: iterations, m: memoryKiB, p: parallelism, dkLen: length, asyncTick: 16 };
    return new Uint8Array(await argon2idAsync(password, salt, options));
  } catch (error) {
    throw new SkrumbleError("ARGON2_FAILED", { cause: error });
  }
}
