import { spawn } from "node:child_process";

/** Opens the address in the person's browser when there is a desktop to open it on. Never fails, never waits. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv = process.env): void {
  const desktop =
    process.platform === "darwin" ||
    process.platform === "win32" ||
    (env.DISPLAY ?? "") !== "" ||
    (env.WAYLAND_DISPLAY ?? "") !== "";
  if (!desktop || env.CI || env.SKRUMBLE_NO_BROWSER || !process.stdout.isTTY) return;
  const [command, args] =
    process.platform === "darwin"
      ? (["open", [url]] as const)
      : process.platform === "win32"
        ? (["explorer", [url]] as const)
        : (["xdg-open", [url]] as const);
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
