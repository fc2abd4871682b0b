import type { Vault } from "../../store/index.ts";
import type { ConversationId, MessageId, Millis } from "../../types/primitives.ts";
import type { HistoryMessage } from "../content/types.ts";
import { messagesAt, numbersAt } from "./places.ts";

/** Bounds are numbers of messages. `around` gives the message itself and half a page on either side. */
export type PageBounds = ({ before?: number } | { after: number } | { around: number }) & { limit: number };

type Reader = Pick<Vault, "get" | "range">;

/** One page of a history, newest last. Reads and decrypts only what it returns; a damaged message is left out. */
export async function readPage(vault: Reader, id: ConversationId, page: PageBounds): Promise<HistoryMessage[]> {
  const { limit } = page;
  if (limit < 1) return [];
  if ("around" in page) {
    const half = Math.floor(limit / 2);
    const newer = await readPage(vault, id, { after: page.around - 1, limit: limit - half });
    const older = await readPage(vault, id, { before: page.around, limit: limit - newer.length });
    return [...older, ...newer];
  }
  if ("after" in page) {
    // A vault's bounds are not negative; before the first number there is nothing to leave out.
    const after = page.after < 0 ? {} : { after: page.after };
    const found = await vault.range<HistoryMessage>(messagesAt(id), { ...after, limit, skipDamaged: true });
    return found.map(({ value }) => value);
  }
  const before = page.before === undefined ? {} : { before: page.before };
  const bounds = { ...before, limit, reverse: true, skipDamaged: true };
  const found = await vault.range<HistoryMessage>(messagesAt(id), bounds);
  return found.map(({ value }) => value).reverse();
}

/**
 * The newest message of each conversation, in the order asked for. One read for all of them: only where the newest ones
 * are gone or damaged a history is looked through.
 * @param threads with the number their next message gets
 */
export async function readNewest(
  vault: Pick<Vault, "getMany"> & Reader,
  threads: readonly { id: ConversationId; next: number }[],
): Promise<(HistoryMessage | undefined)[]> {
  const places = threads.map(({ id, next }) => ({ collection: messagesAt(id), key: next - 1 }));
  const found = await vault.getMany<HistoryMessage>(places, { skipDamaged: true });
  return Promise.all(
    threads.map(async ({ id, next }, i) => {
      if (found[i] || next <= 1) return found[i];
      return (await readPage(vault, id, { limit: 1 }))[0];
    }),
  );
}

export const numberOf = (vault: Reader, id: ConversationId, message: MessageId): Promise<number | undefined> =>
  vault.get<number>(numbersAt(id), message);

/**
 * A message by its id. "gone": it was here and is no more. History that came later may have taken its number, so what lies
 * under that has to be the message itself.
 */
export async function readMessage(
  vault: Pick<Vault, "get" | "getMany">,
  id: ConversationId,
  message: MessageId,
): Promise<HistoryMessage | "gone" | undefined> {
  const number = await vault.get<number>(numbersAt(id), message);
  if (number === undefined) return undefined;
  const [found] = await vault.getMany<HistoryMessage>([{ collection: messagesAt(id), key: number }], {
    skipDamaged: true,
  });
  return found?.id === message ? found : "gone";
}

/**
 * Number of the first message at or after a time, for "go to a date"; undefined when all are older. Messages lie in the order
 * of their arrival, so between two that crossed on their way it may be either.
 */
export async function numberAtTime(vault: Reader, id: ConversationId, at: Millis): Promise<number | undefined> {
  const [last] = await readPage(vault, id, { limit: 1 });
  if (!last || last.at < at) return undefined;
  let low = 0;
  let high = last.number;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    // Where messages are gone, the next one speaks for the hole.
    const [found] = await readPage(vault, id, { after: middle - 1, limit: 1 });
    if (found && found.at < at) low = found.number + 1;
    else high = middle;
  }
  const [found] = await readPage(vault, id, { after: low - 1, limit: 1 });
  return found?.number;
}
