import * as z from "zod";
import { type Bytes, compareBytes, concat, fromHex, utf8 } from "../crypto/bytes.ts";
import { hkdf, sha256 } from "../crypto/hash.ts";
import { agree, sign, verify } from "../crypto/keys.ts";
import type { PairSecret } from "../crypto/mls/schedule.ts";
import { namedSchema } from "../devices/named.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Hex, PublicId } from "../types/primitives.ts";
import type { Envelope, HandshakeEnvelope } from "./envelope.ts";
import { leaveSchema } from "./group/leaveStatement.ts";

/** The signed messages of those who have no group in common yet, or not with this device. */

const publicId = z.string().regex(/^0x[0-9a-f]{64}$/) as unknown as z.ZodType<PublicId>;
const hex16 = z.string().regex(/^[0-9a-f]{32}$/);
const nonce = z.string().regex(/^[0-9a-f]{64}$/);
const bytes = (max: number) =>
  z
    .string()
    .max(Math.ceil((max * 4) / 3))
    .regex(/^[A-Za-z0-9_-]+$/);

export const maxNote = 280;

const schemas = {
  request: z.object({
    v: z.literal(1),
    from: publicId,
    nonce,
    sentAt: z.int().min(0),
    /** One-time MLS key package of the sending device. */
    keyPackage: bytes(8192),
    note: z.string().max(maxNote).optional(),
    /** What a stranger has to show; see contacts/work.ts. */
    work: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .optional(),
    /** The two are connected, and a new group shall take the place of the present one. */
    renew: z.literal(true).optional(),
  }),
  welcome: z.object({
    v: z.literal(1),
    from: publicId,
    /** Nonce of the request this answers. */
    requestNonce: nonce,
    nonce,
    conversationId: hex16,
    route: hex16,
    welcome: bytes(32768),
  }),
  decline: z.object({ v: z.literal(1), from: publicId, requestNonce: nonce }),
  /** A contact is asked into a group. */
  invite: z.object({
    v: z.literal(1),
    from: publicId,
    nonce,
    conversationId: hex16,
    name: z.string().min(1).max(64),
    people: z.int().min(1).max(150),
  }),
  /** A device asks to be let into a conversation: of somebody who belongs, was invited, or has the link. */
  knock: z.object({
    v: z.literal(1),
    from: publicId,
    nonce,
    sentAt: z.int().min(0),
    conversationId: hex16,
    keyPackage: bytes(8192),
    /** Of a device that is in a group and may be on a way that the others did not take: where it stands. */
    stands: z.object({ epoch: z.int().min(0), branch: hex16 }).optional(),
    /** Nonce of the invitation. */
    invite: nonce.optional(),
    /** Shows that one has the link; see entry/link.ts. */
    proof: nonce.optional(),
  }),
  /** Lets a device in. */
  entry: z.object({
    v: z.literal(1),
    from: publicId,
    /** Of the knock or request that this answers. */
    nonce,
    conversationId: hex16,
    route: hex16,
    kind: z.enum(["pair", "group"]),
    /** When, by the sender's clock: of two answers the later one counts. */
    at: z.int().min(0).optional(),
    /** Branches of the last epochs of the group, up to the one that this leads to. */
    way: z.array(hex16).max(8).optional(),
    welcome: bytes(190_000),
  }),
  /** Somebody who knocked may not come in. */
  refusal: z.object({ v: z.literal(1), from: publicId, nonce, conversationId: hex16 }),
  /** Somebody goes: whoever gets it takes all of their devices out of the group. */
  leave: z.object({ v: z.literal(1), from: publicId, conversationId: hex16, leave: leaveSchema }),
  /** To one's own other devices: which they are and how they are called. */
  device: z.object({
    v: z.literal(1),
    from: publicId,
    /** Device that says so, and its signature: a revoked one still has the identity key. */
    by: publicId,
    signature: bytes(64),
    at: z.int().min(0),
    names: z.array(namedSchema).max(64),
    /** The registry's list is another one. `controllers`: and so is the key that changes it, sealed to each device. */
    list: z
      .object({
        root: publicId,
        controllers: z.array(z.object({ to: publicId, sealed: bytes(1024) })).max(64),
      })
      .optional(),
  }),
};

export type RequestBody = z.infer<typeof schemas.request>;
export type WelcomeBody = z.infer<typeof schemas.welcome>;
export type KnockBody = z.infer<typeof schemas.knock>;
export type EntryBody = z.infer<typeof schemas.entry>;
export type DeviceBody = z.infer<typeof schemas.device>;
export type InviteBody = z.infer<typeof schemas.invite>;
export type LeaveBody = z.infer<typeof schemas.leave>;
export type HandshakeKind = HandshakeEnvelope;
type Bodies = { [K in HandshakeKind]: z.infer<(typeof schemas)[K]> };

/** Names kind and recipient, so that a signature serves nobody else and for nothing else. */
const signedMessage = (kind: HandshakeKind, to: PublicId, body: Uint8Array): Bytes =>
  concat(utf8(`skrumble ${kind} v1`), fromHex(to), body);

export function signHandshake<K extends HandshakeKind>(
  kind: K,
  to: PublicId,
  content: Bodies[K],
  identitySecret: Uint8Array,
): Extract<Envelope, { signature: Uint8Array }> {
  const body = utf8(JSON.stringify(content));
  return { kind, body, signature: sign(identitySecret, signedMessage(kind, to, body)) };
}

/** @throws SkrumbleError ENVELOPE_INVALID */
export function openHandshake<K extends HandshakeKind>(
  kind: K,
  envelope: { signature: Uint8Array; body: Uint8Array },
  to: PublicId,
): Bodies[K] {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(envelope.body));
  } catch (error) {
    throw new SkrumbleError("ENVELOPE_INVALID", { details: "Not JSON.", cause: error });
  }
  const parsed = schemas[kind].safeParse(json);
  if (!parsed.success) throw new SkrumbleError("ENVELOPE_INVALID", { details: `Not a ${kind}.` });
  const content = parsed.data as Bodies[K];
  if (!verify(fromHex(content.from), signedMessage(kind, to, envelope.body), envelope.signature)) {
    throw new SkrumbleError("ENVELOPE_INVALID", { details: `The signature of a ${kind} is wrong.` });
  }
  return content;
}

/**
 * Key that both people's private IDs and both nonces go into. It is mixed into the group as an external PSK, so the
 * group's keys cannot be had without one of the two private IDs.
 */
export function pairSecret(input: {
  agreementSecret: Uint8Array;
  peerAgreementKey: Hex;
  publicIds: readonly [PublicId, PublicId];
  requestNonce: string;
  nonce: string;
}): PairSecret {
  const [low, high] = input.publicIds.map((id) => fromHex(id)).sort(compareBytes) as [Bytes, Bytes];
  const salt = concat(fromHex(input.requestNonce), fromHex(input.nonce));
  const info = concat(utf8("skrumble pair v1"), low, high);
  const shared = agree(input.agreementSecret, fromHex(input.peerAgreementKey));
  const secret = hkdf(shared, salt, info);
  shared.fill(0);
  return { id: sha256(info, salt), secret };
}
