import path from "node:path";
import { build } from "esbuild";

const web = path.resolve(import.meta.dirname, "..");

/** Puts `frames-worker.js`, which encrypts the frames of calls, into the export: one file that `worker-src 'self'` allows. */
export async function buildFramesWorker(): Promise<void> {
  await build({
    entryPoints: [path.resolve(web, "../sdk/src/call/frames/worker.ts")],
    outfile: path.join(web, "out/frames-worker.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
}
