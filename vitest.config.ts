import { defineConfig } from "vitest/config";

/** Tests that start chains and relays need patience on a busy machine; no test measures time. */
const patience = { testTimeout: 180_000, hookTimeout: 180_000, teardownTimeout: 30_000 };

const room = (name: string, include: string[], exclude: string[] = []) => ({
  test: { name, include, exclude: ["**/node_modules/**", ...exclude], environment: "node", ...patience },
});

export default defineConfig({
  test: {
    projects: [
      room("sdk", ["sdk/test/**/*.test.ts"]),
      room("relay", ["relay/test/**/*.test.ts"]),
      room("web", ["web/test/**/*.test.{ts,tsx}"]),
      room("scripts", ["test/scripts/**/*.test.ts"]),
      // Cross-room truth and the examples: whole networks of real processes.
      room(
        "whole",
        ["test/**/*.test.ts", "examples/**/*.test.ts"],
        ["test/scripts/**", "test/contracts/**", "test/e2e/**"],
      ),
    ],
    // Two cores are the common case; more workers only make each other late.
    maxWorkers: 2,
    reporters: ["default"],
  },
});
