import { defineConfig } from "@playwright/test";
import { chromiumOptions } from "./test/support/chromium.ts";

export default defineConfig({
  testDir: "test/e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  globalSetup: "./test/e2e/support/globalSetup.ts",
  // Each worker has a network of its own; most of the time a test waits for somebody.
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    headless: true,
    // Recording video takes the cores that the calls need.
    video: "off",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    actionTimeout: 30_000,
    launchOptions: chromiumOptions(),
  },
});
