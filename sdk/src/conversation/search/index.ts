import { SkrumbleError, throwIfAborted } from "../../errors/index.ts";
import type { Vault } from "../../store/index.ts";
import type { ConversationId, MessageId, Millis } from "../../types/primitives.ts";
import { wordsOf } from "../content/show.ts";
import type { HistoryMessage } from "../content/types.ts";
import { messagesAt } from "../history/places.ts";
import { type Block, scanBlock } from "./block.ts";
import { openBuilder } from "./builder.ts";
import { fold, maxQuery, rangesIn, termsOf } from "./fold.ts";

export interface SearchHit {
  conversationId: ConversationId;
  id: MessageId;
  number: number;
  message: HistoryMessage;
  /** Where the words stand in its text: half open, in UTF-16 code units. Empty when they stand in its link's title. */
  ranges: [start: number, end: number][];
}

export interface SearchOptions {
  conversationId?: ConversationId;
  /** At most so many hits: 1 to 200, 50 without. */
  limit?: number;
  signal?: AbortSignal;
}

/**
 * Searches the history. At rest there are only encrypted blocks of text; a query decrypts and scans them, newest first. What is
 * written with a `searchMark` is found by the next query and, once deleted, never again.
 */
export interface Search {
  /** Newest first; every word must occur. @throws SkrumbleError INPUT_INVALID, ABORTED */
  query(text: string, options?: SearchOptions): Promise<SearchHit[]>;
  /** Takes in what has changed: after a deletion, so that its words leave the disk, and in quiet moments. */
  update(signal?: AbortSignal): Promise<void>;
  /** Forgets a conversation that is being deleted. */
  forget(id: ConversationId): Promise<void>;
}

/** Blocks that are read at the same time. */
const parallel = 32;

interface Candidate {
  conversationId: ConversationId;
  number: number;
  at: Millis;
}

export async function openSearch(vault: Vault): Promise<Search> {
  const builder = await openBuilder(vault);
  let lane: Promise<unknown> = Promise.resolve();
  const inLane = <T>(work: () => Promise<T>): Promise<T> => {
    const done = lane.then(work);
    lane = done.catch(() => undefined);
    return done;
  };

  const scan = async (terms: string[], { conversationId, limit, signal }: SearchOptions & { limit: number }) => {
    const places = [...builder.maps.values()]
      .filter(({ id }) => conversationId === undefined || id === conversationId)
      .flatMap(({ id, blocks }) => blocks.map((info) => ({ id, info })))
      .sort((a, b) => b.info.newest - a.info.newest);
    let found: Candidate[] = [];
    for (let i = 0; i < places.length; i += parallel) {
      throwIfAborted(signal);
      const part = places.slice(i, i + parallel);
      // Nothing in the blocks that are left can be newer than what was found.
      if (found.length >= limit && (found[limit - 1]?.at ?? 0) > (part[0]?.info.newest ?? 0)) break;
      const blocks = await builder.blocks(part);
      const damaged = part.find((_, at) => blocks[at] === undefined);
      if (damaged) return { damaged };
      found.push(...part.flatMap(({ id }, at) => candidates(id, blocks[at] as Block, terms)));
      found = found.sort((a, b) => b.at - a.at || b.number - a.number).slice(0, 4 * limit);
    }
    return { found };
  };

  const verify = (
    { conversationId, number }: Candidate,
    message: HistoryMessage | undefined,
    terms: string[],
  ): SearchHit | undefined => {
    const text = message && wordsOf(message);
    if (!message || !text) return undefined;
    const all = fold(`${text} ${message.link?.title ?? ""}`);
    if (!terms.every((term) => all.includes(term))) return undefined;
    return { conversationId, id: message.id, number, message, ranges: rangesIn(text, terms) };
  };

  return {
    async query(text, { limit = 50, ...options } = {}) {
      if (text.length > maxQuery || !Number.isInteger(limit) || limit < 1 || limit > 200)
        throw new SkrumbleError("INPUT_INVALID", { details: "A query has 1 to 256 characters and 1 to 200 hits." });
      const terms = termsOf(text);
      if (terms.length === 0) return [];
      const { signal } = options;
      const found = await inLane(async () => {
        for (const rebuilt = new Set<ConversationId>(); ; ) {
          await builder.update(signal);
          const result = await scan(terms, { ...options, limit });
          if (result.found) return result.found;
          const { id } = result.damaged;
          if (rebuilt.has(id)) throw new SkrumbleError("STORE_CORRUPT", { details: "The search index." });
          rebuilt.add(id);
          await builder.rebuild(id);
        }
      });
      const hits: SearchHit[] = [];
      for (let i = 0; i < found.length && hits.length < limit; i += limit) {
        throwIfAborted(signal);
        const part = found.slice(i, i + limit);
        const messages = await vault.getMany<HistoryMessage>(
          part.map(({ conversationId, number }) => ({ collection: messagesAt(conversationId), key: number })),
          { skipDamaged: true },
        );
        hits.push(...part.flatMap((candidate, at) => verify(candidate, messages[at], terms) ?? []));
      }
      return hits.slice(0, limit);
    },
    update: (signal) => inLane(() => builder.update(signal)),
    forget: (id) => inLane(() => builder.forget(id)),
  };
}

const candidates = (conversationId: ConversationId, block: Block, terms: string[]): Candidate[] =>
  scanBlock(block, terms).map((hit) => ({ conversationId, ...hit }));
