import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { decodeFunctionData, encodeFunctionResult, type Hex } from "viem";
import { equalBytes, toHex } from "../../src/crypto/bytes.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { sessionAnchorAbi } from "../../src/generated/index.ts";
import { anchorRoot, MAX_ORDER_ENTRIES, type OrderEntry, orderEntryMessage } from "../../src/protocol/index.ts";
import type { AnchorProof, OrderedBody, RelayInfo, RelayPool } from "../../src/relay/types.ts";

/** Order logs and anchors of some relays in memory, with real signatures, and the lies that relays can tell. */
export interface OrderRelays {
  readonly ids: readonly number[];
  /** Relays that do not answer. */
  down: Set<number>;
  /** "client relay": who cannot reach whom. */
  cut: Set<string>;
  /** Relays that keep one log for even and another for odd callers, and sign both. */
  twoFaced: Set<number>;
  /** Relays that lose what they signed. */
  forgetful: Set<number>;
  /** A relay loses all it has kept so far. */
  wipe(relayId: number): void;
  /** Whether the chain takes leaves. */
  chainStands: boolean;
  pool: Pick<RelayPool, "order" | "orderLog" | "relay" | "relaysFor">;
  /** The same as one client sees it: two-faced relays tell clients apart. */
  poolOf(client: number): Pick<RelayPool, "order" | "orderLog" | "relay" | "relaysFor" | "anchor" | "queryAnchor">;
  /** Answers SessionAnchor.anchoredAt. */
  readAnchor(data: Hex): Hex;
}

export function createOrderRelays(ids: number[]): OrderRelays {
  const keys = new Map(ids.map((id) => [id, new Uint8Array(32).fill(id)]));
  const infos: RelayInfo[] = ids.map((id) => ({
    ...{ id, endpoint: `memory:${id}`, region: "test", roles: 31 },
    signingKey: toHex(ed25519.getPublicKey(keys.get(id) as Uint8Array)),
  }));
  const logs = new Map<string, OrderedBody[]>();
  const anchored: AnchorProof[] = [];
  let clock = 1;

  const poolOf: OrderRelays["poolOf"] = (client) => {
    const logAt = (relayId: number, tag: Uint8Array): OrderedBody[] => {
      if (relays.down.has(relayId) || relays.cut.has(`${client} ${relayId}`))
        throw new SkrumbleError("NETWORK_UNREACHABLE");
      const face = relays.twoFaced.has(relayId) ? client % 2 : 0;
      const name = `${relayId} ${face} ${toHex(tag)}`;
      const log = logs.get(name) ?? [];
      if (!relays.forgetful.has(relayId)) logs.set(name, log);
      return log;
    };
    return {
      relay: (id) => infos.find((info) => info.id === id),
      relaysFor: () => infos,
      async order(relayId, leaf, body) {
        const log = logAt(relayId, leaf.slice(0, 32));
        let own = log.find((entry) => equalBytes(entry.leaf, leaf));
        if (!own) {
          if (log.length >= MAX_ORDER_ENTRIES) throw new SkrumbleError("RELAY_REFUSED");
          const unsigned = { position: log.length, leaf: leaf.slice(), bodyHash: sha256(body), storedAt: clock++ };
          const signature = ed25519.sign(orderEntryMessage(unsigned), keys.get(relayId) as Uint8Array);
          own = { ...unsigned, signature, body: body.slice() };
          log.push(own);
        }
        return { first: log[0] as OrderEntry, own };
      },
      orderLog: async (relayId, tag) => [...logAt(relayId, tag)],
      async anchor(leaf) {
        if (!relays.chainStands) throw new SkrumbleError("ANCHOR_FAILED");
        const known = anchored.find((one) => equalBytes(one.leaf, leaf));
        if (known) return known;
        const root = toHex(anchorRoot(leaf, []));
        const proof: AnchorProof = {
          ...{ leaf: leaf.slice(), relayId: 1, root, proof: [], blockNumber: BigInt(anchored.length + 1) },
          txHash: root,
        };
        anchored.push(proof);
        return proof;
      },
      queryAnchor: async (tag) => anchored.filter(({ leaf }) => equalBytes(leaf.subarray(0, 32), tag)),
    };
  };

  const relays: OrderRelays = {
    ...{ ids, down: new Set(), cut: new Set(), twoFaced: new Set(), forgetful: new Set(), chainStands: true },
    get pool() {
      const { order, orderLog, relay, relaysFor } = poolOf(0);
      return { order, orderLog, relay, relaysFor };
    },
    poolOf,
    wipe(relayId) {
      for (const name of [...logs.keys()]) if (name.startsWith(`${relayId} `)) logs.delete(name);
    },
    readAnchor(data) {
      const { args } = decodeFunctionData({ abi: sessionAnchorAbi, data });
      const found = anchored.find(({ root }) => args?.some((arg) => arg === root));
      const result = { blockNumber: found?.blockNumber ?? 0n, timestamp: 1n, leaves: found ? 1 : 0 };
      return encodeFunctionResult({ abi: sessionAnchorAbi, functionName: "anchoredAt", result } as never);
    },
  };
  return relays;
}
