import { getAddress, type Hex, keccak256, numberToHex } from "viem";
import type { Chain } from "../chain.ts";
import { shuffled } from "../quorum.ts";
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
/** Relays that are read together. So many do to begin with: drawn by chance, they are not all of whoever would like to be the only one. */
const partSize = 16;
const atOnce = 8;

/** What is known of the registry's storage under the root that it had last: as long as that is the same, nothing is read again. */
interface Reading {
  root: Hex;
  words: Map<Hex, bigint>;
  /** Places in the list, in an order of chance, by parts. */
  parts?: readonly (readonly number[])[];
  relays?: readonly DirectoryRelay[];
}
const readings = new WeakMap<Chain, Reading>();

/** Gets relays that are proven, as soon as there are some and when there are more, as long as these are not all. */
export type OnSome = (relays: readonly DirectoryRelay[]) => void;

/**
 * The active relays as the registry has them, at most the first 1,000, proven. Whether their addresses are usable is another question. What was
 * proven stays for the next try.
 * @throws what {@link readProven} throws
 */
export const readProvenRelays = (
  chain: Chain,
  onSome: OnSome,
  signal?: AbortSignal,
): Promise<readonly DirectoryRelay[]> => readProven(chain, (state) => readList(chain, state, onSome), signal);

async function readList(chain: Chain, state: ProvenState, onSome: OnSome): Promise<readonly DirectoryRelay[]> {
  const address = chain.network.contracts.relayRegistry;
  const root = await state.root(address);
  let reading = readings.get(chain);
  if (reading?.root !== root) reading = { root, words: new Map() };
  readings.set(chain, reading);
  if (reading.relays) return reading.relays;
  const { words } = reading;
  const read: Read = async (slots) => {
    await state.words(address, slots, words);
    return slots.map((slot) => words.get(slot) as bigint);
  };
  const [count = 0n] = await read([list]);
  reading.parts ??= partsOf(Math.min(Number(count), mostRelays));
  const relays = await readParts(reading.parts, read, onSome);
  readings.set(chain, { root, words: new Map(), relays });
  return relays;
}

const list = numberToHex(relaySlots.active, { size: 32 });
const listed = keccak256(list);

/** Whoever answers can stop anywhere, but not choose what comes before. */
function partsOf(length: number): number[][] {
  const places = shuffled(Array.from({ length }, (_, at) => at));
  return Array.from({ length: Math.ceil(length / partSize) }, (_, at) =>
    places.slice(at * partSize, (at + 1) * partSize),
  );
}

/** The first part alone, as somebody may wait for it, then several at once. In the registry's order. */
async function readParts(parts: Reading["parts"] & {}, read: Read, onSome: OnSome): Promise<DirectoryRelay[]> {
  const found: [number, DirectoryRelay][][] = [];
  const inOrder = (some: typeof found) =>
    some
      .flat()
      .toSorted(([one], [other]) => one - other)
      .map(([, relay]) => relay);
  let next = 0;
  async function readNext(): Promise<void> {
    const at = next++;
    const part = parts[at];
    if (!part) return;
    const relays = await readEntries(part, read);
    found[at] = relays.map((relay, index) => [part[index] as number, relay]);
    const gap = parts.findIndex((_, before) => !found[before]);
    if (gap > 0) onSome(inOrder(found.slice(0, gap)));
  }
  async function readOn(): Promise<void> {
    while (next < parts.length) await readNext();
  }
  await readNext();
  await Promise.all(Array.from({ length: atOnce }, readOn));
  return inOrder(found);
}

type Read = (slots: readonly Hex[]) => Promise<bigint[]>;

async function readEntries(at: readonly number[], read: Read): Promise<DirectoryRelay[]> {
  const ids = await read(at.map((place) => slotAfter(listed, place)));
  const places = ids.map((word) => {
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
