import { expect, it } from "vitest";
import { publishedManifest } from "../../scripts/build/buildSdk.ts";

it("publishes JavaScript and declarations instead of sources", () => {
  const manifest = publishedManifest({
    name: "@skrumble/sdk",
    version: "1.0.0",
    sideEffects: ["./src/call/worker.ts"],
    exports: { ".": "./src/index.ts", "./chain": "./src/chain/index.ts" },
    dependencies: { viem: "2.0.0" },
    devDependencies: { esbuild: "1.0.0" },
    scripts: { build: "x" },
  });
  expect(manifest).toEqual({
    name: "@skrumble/sdk",
    version: "1.0.0",
    sideEffects: ["./call/worker.js"],
    engines: { node: ">=22" },
    dependencies: { viem: "2.0.0" },
    exports: {
      ".": { types: "./index.d.ts", default: "./index.js" },
      "./chain": { types: "./chain/index.d.ts", default: "./chain/index.js" },
      "./package.json": "./package.json",
    },
  });
});
