import type { Core } from "../client/core.ts";
import { fromBase64Url, randomBytes, toBase64Url, toHexString } from "../crypto/bytes.ts";
import { sha256 } from "../crypto/hash.ts";
import { agreementKeyPair, signingKeyPair } from "../crypto/keys.ts";
import type { VaultOp } from "../store/index.ts";
import type { Hex, Millis } from "../types/primitives.ts";
import { type Cursor, type Extent, firstCursor } from "./collect.ts";
import { type Ephemeral, type LinkAsk, newEphemeral } from "./linkText.ts";

/** A transfer from this device, as it lies in the vault until the other one has everything. */
export interface SendRecord {
  /** 16 bytes in hex, from the text: the same text gives the same transfer. */
  id: string;
  /** Random: two devices that were shown the same text are told apart. */
  transfer: string;
  ask: { mailbox: string; opening: string; secret: string; madeAt: Millis };
  /** Where answers come. */
  back: { mailbox: string; opening: string };
  extent: Extent;
  cursor: Cursor;
  /** Frames made, and frames the other device has. */
  made: number;
  got: number;
  /** Messages in the frames made, and in those that the other device has. */
  done: number;
  over: number;
  /** The same after each frame that is under way. */
  ahead: number[];
  /** The other device, once it has said so. */
  device?: Hex;
  startedAt: Millis;
}

const collection = "link send";
const usedAt = "link used";
const framesAt = (id: string) => `link frames ${id}`;

export const sendIdOf = ({ mailbox, secret }: LinkAsk): string => toHexString(sha256(mailbox, secret).slice(0, 16));

export function newSendRecord(ask: LinkAsk, extent: Extent, now: Millis): SendRecord {
  const { mailbox, opening } = newEphemeral();
  return {
    ...{ id: sendIdOf(ask), transfer: toHexString(randomBytes(16)) },
    ask: {
      ...{ mailbox: toBase64Url(ask.mailbox), opening: toBase64Url(ask.opening) },
      ...{ secret: toBase64Url(ask.secret), madeAt: ask.madeAt },
    },
    back: { mailbox: toBase64Url(mailbox.secret), opening: toBase64Url(opening.secret) },
    ...{ extent, cursor: firstCursor, made: 0, got: 0, done: 0, over: 0, ahead: [], startedAt: now },
  };
}

export const askOf = ({ ask }: SendRecord): LinkAsk => ({
  mailbox: fromBase64Url(ask.mailbox),
  opening: fromBase64Url(ask.opening),
  secret: fromBase64Url(ask.secret),
  madeAt: ask.madeAt,
});

export const backOf = ({ back }: SendRecord): Ephemeral => ({
  mailbox: signingKeyPair(fromBase64Url(back.mailbox)),
  opening: agreementKeyPair(fromBase64Url(back.opening)),
});

export const sendOp = (record: SendRecord): VaultOp => ({ collection, key: record.id, value: record });
export const frameOp = (id: string, n: number, payload: Uint8Array): VaultOp => ({
  collection: framesAt(id),
  key: n,
  value: payload,
});
export const forgetFrames = (id: string, from: number, to: number): VaultOp[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, at) => ({
    collection: framesAt(id),
    key: from + at,
    delete: true as const,
  }));

export const loadSends = async (core: Core): Promise<SendRecord[]> =>
  (await core.vault.range<SendRecord>(collection)).map(({ value }) => value);
export const loadFrame = (core: Core, id: string, n: number): Promise<Uint8Array | undefined> =>
  core.vault.get(framesAt(id), n);

/** Over, one way or another: the text is of no use any more. */
export const finishSend = (core: Core, id: string): Promise<void> =>
  core.vault.write([
    { collection, key: id, delete: true },
    { collection: framesAt(id), drop: true },
    { collection: usedAt, key: id, value: core.now() },
  ]);

export const wasUsed = async (core: Core, id: string): Promise<boolean> =>
  (await core.vault.get<Millis>(usedAt, id)) !== undefined;
