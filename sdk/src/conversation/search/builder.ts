import { codeOf, SkrumbleError, throwIfAborted } from "../../errors/index.ts";
import type { Vault, VaultOp } from "../../store/index.ts";
import type { ConversationId } from "../../types/primitives.ts";
import { wordsOf } from "../content/show.ts";
import type { HistoryMessage } from "../content/types.ts";
import { readPage } from "../history/page.ts";
import { messagesAt, threadsAt } from "../history/places.ts";
import { asBlock, type Block, type BlockInfo, type Entry, infoOf, isFull, mergeBlock } from "./block.ts";
import { fold } from "./fold.ts";
import { marksAt, type SearchMark } from "./marks.ts";

/** All blocks of a conversation. */
interface BlockMap {
  id: ConversationId;
  blocks: BlockInfo[];
  /** The index is being built anew and has come to this number. */
  from?: number;
}

export interface Builder {
  readonly maps: ReadonlyMap<ConversationId, BlockMap>;
  /** Looks at everything that has changed. @throws SkrumbleError ABORTED; what was done until then stays */
  update(signal?: AbortSignal): Promise<void>;
  /** Undefined for those that are damaged. */
  blocks(places: readonly { id: ConversationId; info: BlockInfo }[]): Promise<(Block | undefined)[]>;
  /** Throws a conversation's index away; the next update builds it anew from the history. */
  rebuild(id: ConversationId): Promise<void>;
  forget(id: ConversationId): Promise<void>;
}

const blocksAt = (id: ConversationId): string => `search blocks ${id}`;
const mapsAt = "search maps";
const stateAt = "search state";
/** A change of what blocks hold makes this larger; then every index is built anew. */
const version = 1;
/** Marks and messages of one step, each written whole or not at all. */
const step = 1000;

export async function openBuilder(vault: Vault): Promise<Builder> {
  const maps = new Map<ConversationId, BlockMap>();

  const begin = async () => {
    maps.clear();
    // First, so that what comes from here on leaves its mark.
    await vault.write([{ collection: marksAt, drop: true }]);
    const threads = await vault.range<{ id: ConversationId }>(threadsAt);
    for (const { value } of threads) maps.set(value.id, { id: value.id, blocks: [], from: 0 });
    await vault.write([
      { collection: mapsAt, drop: true },
      ...[...maps.values()].flatMap((map): VaultOp[] => [{ collection: blocksAt(map.id), drop: true }, mapOp(map)]),
      { collection: stateAt, key: "version", value: version },
    ]);
  };

  const load = async () => {
    if ((await vault.get<number>(stateAt, "version")) !== version) return begin();
    for (const { value } of await vault.range<BlockMap>(mapsAt)) maps.set(value.id, value);
  };

  const readBlock = (id: ConversationId, first: number) =>
    whenSound(async () => asBlock(await vault.get(blocksAt(id), first)));

  const restart = async (id: ConversationId) => {
    const map: BlockMap = { id, blocks: [], from: 0 };
    await vault.write([{ collection: blocksAt(id), drop: true }, mapOp(map)]);
    maps.set(id, map);
  };

  /** Writes entries of one conversation, in rising order. False when a block is damaged. */
  const put = async (id: ConversationId, entries: Entry[], also: VaultOp[], from?: number): Promise<boolean> => {
    const blocks = [...(maps.get(id)?.blocks ?? [])];
    const ops: VaultOp[] = [];
    for (const { first, isNew, part } of split(blocks, entries)) {
      const before = isNew ? undefined : await readBlock(id, first);
      if (!isNew && !before) return false;
      const block = mergeBlock(before, part);
      const at = blocks.findIndex((info) => info.first >= first);
      const place = at < 0 ? blocks.length : at;
      blocks.splice(place, isNew ? 0 : 1, ...(block ? [infoOf(first, block)] : []));
      if (block) ops.push({ collection: blocksAt(id), key: first, value: block });
      else if (!isNew) ops.push({ collection: blocksAt(id), key: first, delete: true });
    }
    const map: BlockMap = { id, blocks, ...(from === undefined ? {} : { from }) };
    await vault.write([...ops, mapOp(map), ...also]);
    maps.set(id, map);
    return true;
  };

  const grow = async (map: BlockMap, signal: AbortSignal | undefined) => {
    for (let from = map.from ?? 0, isEnd = false; !isEnd; ) {
      throwIfAborted(signal);
      const page = await readPage(vault, map.id, { after: from - 1, limit: step });
      from = (page.at(-1)?.number ?? from) + 1;
      isEnd = page.length < step;
      if (await put(map.id, page.map(entryOf), [], isEnd ? undefined : from)) continue;
      await restart(map.id);
      throw new SkrumbleError("STORE_CORRUPT", { details: "The search index; it is built anew the next time." });
    }
  };

  const growAll = async (signal: AbortSignal | undefined) => {
    for (const map of [...maps.values()]) if (map.from !== undefined) await grow(map, signal);
  };

  const follow = async (signal: AbortSignal | undefined) => {
    for (;;) {
      throwIfAborted(signal);
      const rows = await whenSound(() => vault.range<SearchMark>(marksAt, { limit: step }));
      if (!rows) {
        await begin();
        await growAll(signal);
        return;
      }
      const marks = rows.map(({ value }) => value);
      for (const [id, numbers] of grouped(marks)) {
        const collection = messagesAt(id);
        const places = numbers.map((key) => ({ collection, key }));
        const messages = await vault.getMany<HistoryMessage>(places, { skipDamaged: true });
        const entries = messages.map((message, i) =>
          message ? entryOf(message) : { number: numbers[i] as number, at: 0, text: undefined },
        );
        const done = numbers.map((number) => ({ collection: marksAt, key: `${id} ${number}`, delete: true }) as const);
        if (await put(id, entries, done, maps.get(id)?.from)) continue;
        await restart(id);
        await vault.write(done);
        await grow(maps.get(id) as BlockMap, signal);
      }
      if (marks.length < step) return;
    }
  };

  const isSound = await whenSound(async () => {
    await load();
    return true;
  });
  if (!isSound) await begin();

  return {
    maps,
    async update(signal) {
      await growAll(signal);
      await follow(signal);
    },
    async blocks(places) {
      const keys = places.map(({ id, info }) => ({ collection: blocksAt(id), key: info.first }));
      const all = await whenSound(() => vault.getMany(keys));
      // One of them is damaged: which?
      return all ? all.map(asBlock) : Promise.all(places.map(({ id, info }) => readBlock(id, info.first)));
    },
    rebuild: restart,
    async forget(id) {
      await vault.write([
        { collection: blocksAt(id), drop: true },
        { collection: mapsAt, key: id, delete: true },
      ]);
      maps.delete(id);
    },
  };
}

const mapOp = (map: BlockMap): VaultOp => ({ collection: mapsAt, key: map.id, value: map });

/** What can be searched for of a message. */
function entryOf(message: HistoryMessage): Entry {
  const { number, at, link } = message;
  const words = wordsOf(message);
  return { number, at, text: words === "" ? undefined : fold(link ? `${words} ${link.title}` : words) };
}

interface Part {
  first: number;
  isNew: boolean;
  part: Entry[];
  /** What the block will hold, with what it holds now. */
  filled: Pick<BlockInfo, "size" | "count">;
}

/** Which entries go into which block. New blocks begin where the last one is full, and before the first. */
function split(blocks: readonly BlockInfo[], entries: readonly Entry[]): Part[] {
  const parts: Part[] = [];
  for (const entry of entries) {
    const home = blocks.findLast(({ first }) => first <= entry.number);
    const current = parts.at(-1);
    const isEnd = home === undefined || (home === blocks.at(-1) && entry.number > home.last);
    const open = current && (home === undefined || current.first >= home.first) ? current : undefined;
    const isFit = open && !(isEnd && isFull(open.filled));
    if (open && isFit) {
      open.part.push(entry);
      open.filled.size += entry.text?.length ?? 0;
      open.filled.count++;
      continue;
    }
    const isNew = home === undefined || (isEnd && (open !== undefined || isFull(home)));
    // Where nothing is kept there is nothing to take out.
    if (isNew && entry.text === undefined) continue;
    const { first, size, count } = isNew ? { first: entry.number, size: 0, count: 0 } : home;
    const filled = { size: size + (entry.text?.length ?? 0), count: count + 1 };
    parts.push({ first, isNew, part: [entry], filled });
  }
  return parts;
}

function grouped(marks: readonly SearchMark[]): Map<ConversationId, number[]> {
  const groups = new Map<ConversationId, number[]>();
  for (const { conversationId, number } of marks) {
    const numbers = groups.get(conversationId) ?? [];
    groups.set(conversationId, numbers);
    numbers.push(number);
  }
  for (const numbers of groups.values()) numbers.sort((a, b) => a - b);
  return groups;
}

/** Undefined when the records read are damaged. */
async function whenSound<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (codeOf(error) === "STORE_CORRUPT" || codeOf(error) === "STORE_VERSION") return undefined;
    throw error;
  }
}
