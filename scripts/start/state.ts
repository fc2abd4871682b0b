import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { localDeploymentFile } from "../deploy/local.ts";
import { readJson } from "../lib/files.ts";
import { readKeyFile } from "../lib/keys.ts";
import { Refusal, type Say } from "../lib/say.ts";
import { relayKeys } from "../relay/relayKeys.ts";

/** Everything that makes up a network; locks and folders set aside earlier are not part of it. */
const PARTS = ["chain", "relays", "keys", "deployment.json", "logs", "web", "turn"];

const stamp = (now: Date): string => now.toISOString().slice(0, 19).replace(/[:T]/g, "-");

/** Creates the folder; one that cannot be used is explained, a file in its place is moved away. */
export function openStateDir(folder: string, say: Say, now = new Date()): void {
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    const aside = `${folder}.broken-${stamp(now)}`;
    renameSync(folder, aside);
    say.warn(`${folder} was not a folder; it is now ${aside}.`);
  }
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Refusal(
      [
        `The folder ${folder} cannot be used (${(error as NodeJS.ErrnoException).code}).`,
        "The network keeps its chain and mailboxes there. Make it writable for you, or choose another one:",
        "SKRUMBLE_STATE_DIR=/another/folder npm start",
      ].join("\n"),
    );
  }
}

/** Moves the network's state into a folder of its own inside `folder`; undefined when there was none. */
export function setAside(folder: string, label: "before-reset" | "broken", now = new Date()): string | undefined {
  const parts = PARTS.filter((name) => existsSync(join(folder, name)));
  if (parts.length === 0) return undefined;
  let aside = join(folder, `${label}-${stamp(now)}`);
  for (let copy = 2; existsSync(aside); copy++) aside = join(folder, `${label}-${stamp(now)}-${copy}`);
  mkdirSync(aside);
  for (const name of parts) renameSync(join(folder, name), join(aside, name));
  return aside;
}

/**
 * The first file of the state that is missing or cannot be understood, with the reason. The chain's snapshots look
 * after themselves. A lost key is damage, too: a new one could not speak for the relay that is registered.
 */
export function findDamage(folder: string): string | undefined {
  try {
    const deployment = readJson<{ chainId?: number }>(localDeploymentFile(folder));
    if (deployment && typeof deployment.chainId !== "number") return "deployment.json has no chain id";
    if (deployment) readKeyFile(join(folder, "keys", "deployer.key"));
    const relays = join(folder, "relays");
    for (const name of existsSync(relays) ? readdirSync(relays) : []) {
      if (existsSync(join(relays, name, "data")) || existsSync(join(relays, name, "operator.key"))) {
        readKeyFile(join(relays, name, "operator.key"));
        if (!existsSync(join(relays, name, "relay.key.json"))) return `relay ${name} has lost its keys`;
        relayKeys(join(relays, name));
      }
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
