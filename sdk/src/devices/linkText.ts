import { type Bytes, concat, fromBase64Url, randomBytes, toBase64Url, u64, utf8 } from "../crypto/bytes.ts";
import { sha256 } from "../crypto/hash.ts";
import { agreementKeyPair, isAgreementKey, isSigningKey, type KeyPair, signingKeyPair } from "../crypto/keys.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Millis } from "../types/primitives.ts";

/** A mailbox for one transfer, of nobody the registry knows. */
export interface Ephemeral {
  /** Ed25519, names the mailbox. */
  mailbox: KeyPair;
  /** X25519, opens what is in it. */
  opening: KeyPair;
}

/** What the new device's text tells. `secret` has never been at a relay: who knows it has seen the text. */
export interface LinkAsk {
  mailbox: Bytes;
  opening: Bytes;
  secret: Bytes;
  /** By the new device's clock. */
  madeAt: Millis;
}

export const linkLifetime: Millis = 10 * 60_000;
/** Clocks of two devices may differ by so much. */
const skew: Millis = 2 * 60_000;
const marker = "#/link/";
const version = 1;
/** version 1 ‖ mailbox 32 ‖ opening 32 ‖ secret 16 ‖ time 8. */
const length = 1 + 32 + 32 + 16 + 8;

export const newEphemeral = (): Ephemeral => ({
  mailbox: signingKeyPair(randomBytes(32)),
  opening: agreementKeyPair(randomBytes(32)),
});

export const newLinkSecret = (): Bytes => randomBytes(16);

const encode = ({ mailbox, opening, secret, madeAt }: LinkAsk): Bytes =>
  concat(Uint8Array.of(version), mailbox, opening, secret, u64(madeAt));

/** `<origin>/#/link/<base64url>`: no browser sends what is behind the # to a server. */
export const formatLinkAsk = (origin: string, ask: LinkAsk): string =>
  `${origin.replace(/\/+$/, "")}/${marker}${toBase64Url(encode(ask))}`;

/** @throws SkrumbleError LINK_INVALID, LINK_EXPIRED */
export function parseLinkAsk(text: string, now: Millis): LinkAsk {
  const at = text.indexOf(marker);
  let bytes: Bytes;
  try {
    if (at < 0 || text.length > 4096) throw new RangeError("no link");
    bytes = fromBase64Url(text.slice(at + marker.length).trim());
    if (bytes.length !== length || bytes[0] !== version) throw new RangeError("wrong length or version");
  } catch (error) {
    throw new SkrumbleError("LINK_INVALID", { cause: error });
  }
  const ask: LinkAsk = {
    mailbox: bytes.slice(1, 33),
    opening: bytes.slice(33, 65),
    secret: bytes.slice(65, 81),
    madeAt: Number(new DataView(bytes.buffer).getBigUint64(81)),
  };
  if (!isSigningKey(ask.mailbox) || !isAgreementKey(ask.opening)) throw new SkrumbleError("LINK_INVALID");
  if (now > ask.madeAt + linkLifetime || ask.madeAt > now + skew) throw new SkrumbleError("LINK_EXPIRED");
  return ask;
}

/** Six digits for the person to compare: a text of somebody else's has other ones. */
export function linkCode(ask: LinkAsk): string {
  const hash = sha256(utf8("skrumble link code v1"), encode(ask));
  return String(new DataView(hash.buffer).getBigUint64(0) % 1_000_000n).padStart(6, "0");
}
