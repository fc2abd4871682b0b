import path from "node:path";
import { build } from "esbuild";

const web = path.resolve(import.meta.dirname, "..");
const sources = {
  /** Encrypts the frames of calls. */
  "frames-worker": "../sdk/src/call/frames/worker.ts",
  /** Stretches the security code. */
  "argon2id-worker": "../sdk/src/crypto/argon2idWorker.ts",
};

/** Puts the SDK's workers into the export, each one file that `worker-src 'self'` allows. */
export async function buildWorkers(): Promise<void> {
  await build({
    entryPoints: Object.fromEntries(Object.entries(sources).map(([name, file]) => [name, path.resolve(web, file)])),
    outdir: path.join(web, "out"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
}
