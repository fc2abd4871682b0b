import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { WebSocket } from "ws";
import type { Usage } from "./servers/answer.ts";

/** Bytes of one message, as a person's text padded to its class. */
export const MESSAGE_BYTES = 1024;

/** One sender, one receiver, each with a connection of its own. */
export interface Pair {
  send(): void;
  /** Called once per message that has arrived. */
  onMessage: () => void;
  /** Every connection of the pair. */
  sockets: WebSocket[];
}

/** A server under test and how to talk through it. */
export interface System {
  name: string;
  /** File in servers/. */
  server: string;
  connectPair(port: number, index: number): Promise<Pair>;
}

export interface ServerProcess {
  port: number;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

/** Runs a server in its own process, so that its CPU seconds and memory are its own. */
export async function startServer(system: Pick<System, "server">): Promise<ServerProcess> {
  const child: ChildProcess = fork(join(import.meta.dirname, "servers", system.server), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  let stopping = false;
  child.once("exit", (code, signal) => {
    if (!stopping) throw new Error(`${system.server} ended by itself (${signal ?? code})`);
  });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return {
    port,
    async usage() {
      child.send("usage");
      const [usage] = (await once(child, "message")) as [Usage];
      return usage;
    },
    async stop() {
      stopping = true;
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}
