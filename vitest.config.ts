import { defineConfig } from "vitest/config";

/** Tests that start chains and relays need patience on a busy machine; no test measures time. */
const patience = { testTimeout: 180_000, hookTimeout: 180_000, teardownTimeout: 30_000 };

/** Two cores are the common case. What computes keeps them busy; what waits for blocks and relays leaves them idle. */
const computing = { maxWorkers: 2, sequence: { groupOrder: 0 } };
const waiting = { maxWorkers: 4, sequence: { groupOrder: 1 } };

const room = (name: string, share: object, include: string[], exclude: string[] = []) => ({
  test: { name, include, exclude: ["**/node_modules/**", ...exclude], environment: "node", ...patience, ...share },
});

export default defineConfig({
  test: {
    projects: [
      room("sdk", computing, ["sdk/test/**/*.test.ts"], ["sdk/test/network/**"]),
      room("relay", computing, ["relay/test/**/*.test.ts"]),
      room("web", computing, ["web/test/**/*.test.{ts,tsx}"]),
      room("scripts", computing, ["test/scripts/**/*.test.ts"]),
      // Cross-room truth and the examples: whole networks of real processes.
      room(
        "whole",
        waiting,
        ["sdk/test/network/**/*.test.ts", "test/**/*.test.ts", "examples/**/*.test.ts"],
        ["test/scripts/**", "test/contracts/**", "test/e2e/**"],
      ),
    ],
    reporters: ["default"],
  },
});
