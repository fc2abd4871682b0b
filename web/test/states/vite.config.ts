import { join } from "node:path";
import { defineConfig } from "vite"; // vite: builds one page of the dApp's own components without Next; the marketplace uses it too

const web = join(import.meta.dirname, "..", "..");
const standIn = (name: string) => join(import.meta.dirname, "stand-ins", name);

/** The page of states. Navigation leads nowhere, and the wallet is one that is never asked. */
export default defineConfig({
  root: import.meta.dirname,
  css: { postcss: web },
  build: { target: "es2024", chunkSizeWarningLimit: 4_000 },
  worker: { format: "es" },
  define: { "process.env": {} },
  logLevel: "warn",
  resolve: {
    alias: [
      { find: "next/navigation", replacement: standIn("navigation.ts") },
      { find: "next/link", replacement: standIn("link.tsx") },
      { find: /^.*\/use-own-wallet\.ts$/, replacement: standIn("own-wallet.ts") },
    ],
  },
});
