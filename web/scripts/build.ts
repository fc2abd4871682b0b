import { spawnSync } from "node:child_process";
import path from "node:path";
import { buildServiceWorker } from "./build-sw.ts";
import { buildWorkers } from "./build-workers.ts";

/** Builds the static export into web/out: pages, then the workers, then the service worker that keeps it all. */
const web = path.resolve(import.meta.dirname, "..");
const next = path.resolve(web, "../node_modules/next/dist/bin/next");

const built = spawnSync(process.execPath, [next, "build", web], {
  cwd: web,
  stdio: "inherit",
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
});
if (built.status !== 0) process.exit(built.status ?? 1);

await buildWorkers();
const { files, bytes } = await buildServiceWorker();
console.log(`The service worker keeps ${files} files, ${(bytes / 1024 / 1024).toFixed(1)} MB.`);
