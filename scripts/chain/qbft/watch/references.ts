import { lookup } from "node:dns/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Hex } from "viem";
import { Refusal } from "../../../lib/say.ts";
import { rpc } from "../../rpc.ts";
import { isSpread, type QbftNetwork } from "../network.ts";
import type { BlockView, NodeView } from "./nodeView.ts";
import { block, clientVersion, safeNumber } from "./parse.ts";

/** Nodes elsewhere that this host's are compared with. Only what everybody may ask a public RPC node is asked. */

const MOST_REFERENCES = 16;
/** A full block has some 1,400 hashes of transactions, of 70 bytes each. */
const MOST_BYTES = 1024 * 1024;

export interface ReferenceAddress {
  url: string;
  /** Named on the command line, not by network.json alone. */
  isGiven: boolean;
}

/** What a node elsewhere says; what it does not know (or does not tell) is undefined. */
export interface Reference extends ReferenceAddress {
  /** Its address without what may be secret in it. */
  name: string;
  alive: boolean;
  /** Its name leads to this very host, so that it tells nothing of the others. */
  isHere: boolean;
  chainId?: number | undefined;
  genesisHash?: Hex | undefined;
  head?: BlockView | undefined;
  /** Its block at a height that this host's nodes have, too. */
  shared?: BlockView | undefined;
  version?: string | undefined;
}

/** Whom to ask: what `--rpc` names, and, where a network has several hosts, the public names of its RPC nodes. */
export function referencesOf(network: QbftNetwork, given: readonly string[]): ReferenceAddress[] {
  // Not said again which: there may be a password in it.
  if (!given.every(isRpcUrl))
    throw new Refusal("--rpc takes http or https addresses without a name or password in them.");
  if (given.length > MOST_REFERENCES) throw new Refusal(`--rpc may be given ${MOST_REFERENCES} times.`);
  const known = isSpread(network) ? network.rpcHosts.map((host) => `https://${host}`) : [];
  const wanted = new Set(given.map((text) => new URL(text).href));
  const more = known.map((text) => new URL(text).href).filter((url) => !wanted.has(url));
  return [
    ...[...wanted].map((url) => ({ url, isGiven: true })),
    ...[...new Set(more)].map((url) => ({ url, isGiven: false })),
  ].slice(0, MOST_REFERENCES);
}

function isRpcUrl(text: string): boolean {
  if (text.length > 512 || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === "https:" || protocol === "http:") && username === "" && password === "";
}

/** Asks all at the same time. Never throws for one: it is not alive then. @param views this host's nodes */
export function observeReferences(
  network: QbftNetwork,
  addresses: readonly ReferenceAddress[],
  views: readonly NodeView[],
  timeoutMs = 3_000,
): Promise<Reference[]> {
  const heads = views.map(({ blocks }) => blocks[0]?.number).filter((number) => number !== undefined);
  const lowest = heads.length > 0 ? Math.min(...heads) : undefined;
  return Promise.all(addresses.map((address) => observeReference(network, address, lowest, timeoutMs)));
}

async function observeReference(
  { here }: QbftNetwork,
  address: ReferenceAddress,
  lowest: number | undefined,
  timeoutMs: number,
): Promise<Reference> {
  const { origin, pathname, hostname } = new URL(address.url);
  // Providers have keys in paths; a relay's is known.
  const path = pathname === "/" ? "" : pathname === "/rpc" ? pathname : "/…";
  const known = { ...address, name: `${origin}${path}` };
  const ask = async <T>(method: string, params: unknown[], parse: (value: unknown) => T): Promise<T | undefined> => {
    try {
      return parse(await rpc<unknown>(address.url, method, params, timeoutMs, MOST_BYTES));
    } catch {
      return undefined;
    }
  };
  const blockAt = (number: number) => ask("eth_getBlockByNumber", [`0x${number.toString(16)}`, false], block);
  const [isHere, chainId, genesis, head, version] = await Promise.all([
    here === undefined ? false : leadsTo(here, hostname, timeoutMs),
    ask("eth_chainId", [], safeNumber),
    blockAt(0),
    ask("eth_getBlockByNumber", ["latest", false], block),
    ask("web3_clientVersion", [], clientVersion),
  ]);
  const alive = chainId !== undefined || genesis !== undefined || head !== undefined;
  const height = head && Math.min(head.number, lowest ?? head.number);
  const shared = height === undefined || height === head?.number ? head : await blockAt(height);
  return { ...known, alive, isHere, chainId, genesisHash: genesis?.hash, head, shared, version };
}

async function leadsTo(here: string, name: string, timeoutMs: number): Promise<boolean> {
  const found = lookup(name.replace(/^\[|\]$/g, ""), { all: true }).catch(() => []);
  const late = new AbortController();
  try {
    const none = sleep(timeoutMs, [], { signal: late.signal, ref: false }).catch(() => []);
    return (await Promise.race([found, none])).some(({ address }: { address: string }) => address === here);
  } finally {
    late.abort();
  }
}
