import { relative } from "node:path";
import { parseArgs } from "node:util";
import { Cleanup } from "../lib/cleanup.ts";
import { root, stateDir } from "../lib/paths.ts";
import { bold, dim, Refusal, runVerb, say } from "../lib/say.ts";
import { untilStopped } from "../lib/signals.ts";
import { acquireStateLock } from "../lib/stateLock.ts";
import { openBrowser } from "./browser.ts";
import { type LocalNetwork, startNetwork } from "./startNetwork.ts";
import { findDamage, openStateDir, setAside } from "./state.ts";

/** `npm start`: the whole network on this machine, until Ctrl-C. `--no-web` leaves the dApp out, for work on the SDK. */
await runVerb(async () => {
  const { reset, web, port, blockSeconds } = readArguments();
  const folder = stateDir();
  openStateDir(folder, say);
  const lock = acquireStateLock(folder);
  // From the first moment on, so that Ctrl-C during the start also ends tidily.
  const stopped = untilStopped();
  try {
    prepare(folder, reset);
    const cleanup = new Cleanup();
    const starting = startNetwork({
      stateDir: folder,
      say,
      web,
      cleanup,
      ...(port ? { relayPort: port } : {}),
      ...(blockSeconds ? { blockSeconds } : {}),
    });
    const network = await Promise.race([starting, stopped.then(() => undefined)]);
    if (!network) {
      say.note("Stopping before everything was up ...");
      starting.catch(() => {});
      await cleanup.run();
      lock.release();
      // What was still being compiled or built is nobody's business any more.
      process.exit(0);
    }
    const url = network.relays[0]?.url ?? "";
    lock.describe({ url });
    announce(network, folder);
    openBrowser(url);
    await stopped;
    say.note("Stopping: relays first, then the chain ...");
    await network.stop();
    say.step("Stopped. Everything is kept; npm start goes on from here.");
    return 0;
  } finally {
    lock.release();
  }
});

interface Arguments {
  reset: boolean;
  web: boolean;
  port?: number;
  blockSeconds?: number;
}

function readArguments(): Arguments {
  let values: { reset?: boolean; port?: string; "no-web"?: boolean; "block-seconds"?: string };
  try {
    ({ values } = parseArgs({
      options: {
        reset: { type: "boolean" },
        port: { type: "string" },
        "no-web": { type: "boolean" },
        "block-seconds": { type: "string" },
      },
    }));
  } catch {
    throw new Refusal("Usage: npm start [-- [--reset] [--port 7101] [--no-web] [--block-seconds 1]]");
  }
  const number = (name: "port" | "block-seconds", min: number, max: number): number | undefined => {
    const text = values[name];
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!(value >= min && value <= max))
      throw new Refusal(`--${name} wants a number from ${min} to ${max}, not "${text}".`);
    return value;
  };
  const port = number("port", 1, 65_000);
  if (port !== undefined && !Number.isInteger(port))
    throw new Refusal(`--port wants a whole number, not "${values.port}".`);
  const blockSeconds = number("block-seconds", 0.05, 60);
  return {
    reset: values.reset ?? false,
    web: !values["no-web"],
    ...(port === undefined ? {} : { port }),
    ...(blockSeconds === undefined ? {} : { blockSeconds }),
  };
}

function prepare(folder: string, reset: boolean): void {
  if (reset) {
    const aside = setAside(folder, "before-reset");
    say.step(aside ? `Beginning anew; the old network is kept in ${show(aside)}` : "Beginning anew");
    return;
  }
  const damage = findDamage(folder);
  if (!damage) return;
  const aside = setAside(folder, "broken");
  say.warn(`The saved network is damaged (${damage}).`);
  say.warn(
    `It was set aside in ${aside ? show(aside) : folder} and a new one is begun: names have to be registered again.`,
  );
}

function announce({ relays, chain }: LocalNetwork, folder: string): void {
  const [first, ...others] = relays.map((relay) => relay.url);
  const lines = [
    "",
    `  ${bold("Skrumble is running.")}`,
    "",
    `  Open       ${bold(first ?? "")}`,
    `  Also at    ${others.join("  ")}`,
    `  Chain      ${chain.rpcUrl} ${dim(`(id ${chain.chainId})`)}`,
    `  Kept in    ${show(folder)} ${dim("(begin anew: npm start -- --reset)")}`,
    "",
    "  To talk to yourself, open the address a second time in a private window.",
    "  Ctrl-C stops everything; nothing is lost.",
    "",
  ];
  console.log(lines.join("\n"));
}

function show(path: string): string {
  const short = relative(root, path);
  return short.startsWith("..") ? path : `${short}/`;
}
