import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  server: { port: 7200 },
  build: { target: "es2024", chunkSizeWarningLimit: 2_000 },
  worker: { format: "es" },
});
