import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isProgram, stopChild } from "../lib/child.ts";
import { writeFileAtomic } from "../lib/files.ts";
import { randomKey } from "../lib/keys.ts";
import { nextFreePort } from "../lib/ports.ts";

export interface Turn {
  urls: string[];
  /** Holds the secret that relays sign credentials with; mode 0600. */
  secretFile: string;
  port: number;
  stop(): Promise<void>;
}

/** Path of coturn's server, if the machine has it. */
export function findTurnServer(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"];
  return folders.map((folder) => join(folder, "turnserver")).find((path) => existsSync(path));
}

/**
 * Starts coturn on the loopback with a fresh secret, so that calls can hide addresses and pass strict networks also
 * in local use. Undefined when coturn is not installed or does not start: calls then go directly.
 */
export async function startTurn(folder: string, wantedPort = 3478): Promise<Turn | undefined> {
  const program = findTurnServer();
  if (!program) return undefined;
  retireOrphan(join(folder, "turnserver.pid"));
  const port = await nextFreePort(wantedPort, new Set());
  const secret = randomKey().slice(2);
  const secretFile = join(folder, "secret");
  const configFile = join(folder, "turnserver.conf");
  writeFileAtomic(secretFile, secret, 0o600);
  writeFileAtomic(configFile, configuration(folder, port, secret), 0o600);
  const child = spawn(program, ["-c", configFile], {
    stdio: "ignore",
    detached: process.platform !== "win32",
  });
  child.on("error", () => {});
  if (!(await listens(child, port))) {
    await stopChild(child, "SIGKILL");
    return undefined;
  }
  const killOnExit = () => child.kill("SIGKILL");
  process.on("exit", killOnExit);
  return {
    urls: [`turn:127.0.0.1:${port}?transport=udp`, `turn:127.0.0.1:${port}?transport=tcp`],
    secretFile,
    port,
    async stop() {
      process.off("exit", killOnExit);
      await stopChild(child, "SIGTERM", 3_000);
    },
  };
}

/** Ends the coturn of a starter that was killed outright; a process id given to another program since is left alone. */
function retireOrphan(pidFile: string): void {
  try {
    const pid = Number(readFileSync(pidFile, "utf8"));
    if (pid > 1 && isProgram(pid, "turnserver")) process.kill(pid, "SIGKILL");
  } catch {
    // No file, or no such process any more.
  }
}

/** In a file, not on the command line: the secret would show in the list of processes. */
function configuration(folder: string, port: number, secret: string): string {
  return [
    "listening-ip=127.0.0.1",
    "relay-ip=127.0.0.1",
    `listening-port=${port}`,
    "realm=skrumble.local",
    "use-auth-secret",
    `static-auth-secret=${secret}`,
    "fingerprint",
    "no-cli",
    "no-tls",
    "no-dtls",
    // Both ends of a local call are on the loopback; a public coturn must not have this.
    "allow-loopback-peers",
    "no-multicast-peers",
    `pidfile=${join(folder, "turnserver.pid")}`,
    `userdb=${join(folder, "turndb")}`,
    "log-file=/dev/null",
    "",
  ].join("\n");
}

/** coturn listens on UDP and TCP at once; the TCP side tells when it is up. */
async function listens(child: ChildProcess, port: number): Promise<boolean> {
  for (let tries = 0; tries < 50; tries++) {
    if (child.exitCode !== null || child.signalCode !== null) return false;
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: "127.0.0.1" }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (open) return true;
    await sleep(100);
  }
  return false;
}
