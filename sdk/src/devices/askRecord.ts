import { fromBase64Url, toBase64Url } from "../crypto/bytes.ts";
import { agreementKeyPair, signingKeyPair } from "../crypto/keys.ts";
import type { Vault, VaultOp } from "../store/index.ts";
import type { Hex, Millis } from "../types/primitives.ts";
import { type Ephemeral, type LinkAsk, newEphemeral, newLinkSecret } from "./linkText.ts";

/** A request of this device for another one's identity and history, as it lies in the vault until everything is here. */
export interface AskRecord {
  mailbox: string;
  opening: string;
  secret: string;
  madeAt: Millis;
  /** Wanted for this device. */
  name: string;
  /** The one transfer that is taken. */
  id?: string;
  back?: { mailbox: Hex; opening: Hex };
  /** This device's key, made before the registry hears of it. */
  deviceSeed?: string;
  /** Frames taken. */
  got: number;
  done: number;
  total: number;
  /** Conversations that this device knows under another id than the other one. */
  alias: Record<string, string>;
}

const place = { collection: "link ask", key: "present" } as const;
const framesAt = "link ask frames";

export const newAskRecord = (name: string, now: Millis): AskRecord => {
  const { mailbox, opening } = newEphemeral();
  return {
    ...{ mailbox: toBase64Url(mailbox.secret), opening: toBase64Url(opening.secret) },
    ...{ secret: toBase64Url(newLinkSecret()), madeAt: now, name, got: 0, done: 0, total: 0, alias: {} },
  };
};

export const ephemeralOf = ({ mailbox, opening }: AskRecord): Ephemeral => ({
  mailbox: signingKeyPair(fromBase64Url(mailbox)),
  opening: agreementKeyPair(fromBase64Url(opening)),
});

export function askedBy(record: AskRecord): LinkAsk {
  const { mailbox, opening } = ephemeralOf(record);
  const { secret, madeAt } = record;
  return { mailbox: mailbox.public, opening: opening.public, secret: fromBase64Url(secret), madeAt };
}

export const loadAsk = (vault: Vault): Promise<AskRecord | undefined> => vault.get(place.collection, place.key);
export const askOp = (record: AskRecord): VaultOp => ({ ...place, value: record });
export const forgetAsk = (): VaultOp[] => [
  { ...place, delete: true },
  { collection: framesAt, drop: true },
];

/** Frames that came before their turn. */
export const keptFrame = (vault: Vault, n: number): Promise<unknown> => vault.get(framesAt, n);
export const keepFrame = (n: number, frame: unknown): VaultOp => ({ collection: framesAt, key: n, value: frame });
export const dropFrame = (n: number): VaultOp => ({ collection: framesAt, key: n, delete: true });
