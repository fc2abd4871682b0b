import { getAddress, type Hex, keccak256, numberToHex } from "viem";
import type { Chain } from "../chain.ts";
import type { DirectoryRelay } from "../types.ts";
import { type ProvenState, readProven } from "./provenState.ts";
import { relaySlots, relayWords } from "./registrySlots.ts";
import { bitsOf, mappingSlot, slotAfter } from "./slots.ts";
import { textOf, textSlots } from "./storedText.ts";

/** The first ones that the registry lists; some seven words are read of each. */
const mostRelays = 1000;
/** Bytes of the longest texts (contracts/network/RelayRegistry.sol). */
const maxRegion = 32;
const maxEndpoint = 256;

/** What was read last, and the root of the registry's storage then: as long as that is the same, so is the list. */
const last = new WeakMap<Chain, { root: Hex; relays: readonly DirectoryRelay[] }>();

/**
 * The active relays as the registry has them, at most the first 1,000, proven. Whether their addresses are usable is another question.
 * @throws what {@link readProven} throws
 */
export const readProvenRelays = (chain: Chain, signal?: AbortSignal): Promise<readonly DirectoryRelay[]> =>
  readProven(chain, (state) => readList(chain, state), signal);

async function readList(chain: Chain, state: ProvenState): Promise<readonly DirectoryRelay[]> {
  const address = chain.network.contracts.relayRegistry;
  const root = await state.root(address);
  const before = last.get(chain);
  if (before?.root === root) return before.relays;
  const proven = new Map<Hex, bigint>();
  const relays = await readEntries(async (slots) => {
    await state.words(address, slots, proven);
    return slots.map((slot) => proven.get(slot) as bigint);
  });
  last.set(chain, { root, relays });
  return relays;
}

async function readEntries(read: (slots: readonly Hex[]) => Promise<bigint[]>): Promise<DirectoryRelay[]> {
  const list = numberToHex(relaySlots.active, { size: 32 });
  const [count = 0n] = await read([list]);
  const length = Math.min(Number(count), mostRelays);
  const listed = await read(Array.from({ length }, (_, at) => slotAfter(keccak256(list), at)));
  const places = listed.map((word) => {
    const id = bitsOf(word, 0, 32);
    const entry = mappingSlot(numberToHex(id, { size: 32 }), relaySlots.relays);
    return { id, at: (word: keyof typeof relayWords) => slotAfter(entry, relayWords[word]) };
  });
  const words = Object.keys(relayWords) as (keyof typeof relayWords)[];
  const found = await read(places.flatMap(({ at }) => words.map(at)));
  const entries = places.map(({ id, at }, index) => {
    const [first, signingKey, region, endpoint] = found.slice(index * words.length) as [bigint, bigint, bigint, bigint];
    const inRegion = textSlots(at("region"), region, maxRegion);
    const inEndpoint = textSlots(at("endpoint"), endpoint, maxEndpoint);
    return { id, first, signingKey, region, endpoint, inRegion, inEndpoint };
  });
  const texts = entries.flatMap(({ inRegion, inEndpoint }) => [...inRegion, ...inEndpoint]);
  const rest = new Map((await read(texts)).map((word, at) => [texts[at] as Hex, word]));
  const wordsAt = (slots: readonly Hex[]) => slots.map((slot) => rest.get(slot) as bigint);
  return entries.map(({ id, first, signingKey, region, endpoint, inRegion, inEndpoint }) => ({
    id: Number(id),
    endpoint: textOf(endpoint, wordsAt(inEndpoint)),
    operator: getAddress(numberToHex(bitsOf(first, 0, 160), { size: 20 })),
    region: textOf(region, wordsAt(inRegion)),
    roles: Number(bitsOf(first, 224, 8)),
    signingKey: numberToHex(signingKey, { size: 32 }),
  }));
}
