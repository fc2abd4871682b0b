import * as z from "zod";
import { storedAgreement } from "../conversation/content/agreement.ts";
import { storedPayment, storedRequest } from "../conversation/content/money.ts";
import { storedPacket } from "../conversation/content/packet.ts";
import { maxAudio, maxCardImage, maxMentions, maxVoiceSeconds, maxWaveform } from "../conversation/content/schema.ts";
import { stateSchema } from "../conversation/group/state.ts";
import { maxText } from "../conversation/limits.ts";
import { namedSchema } from "./named.ts";

/** What goes from one device of a person to another, or into a backup. No ratchets: every device has its own. */

const publicId = z.string().regex(/^0x[0-9a-f]{64}$/);
const key = publicId;
const id = z.string().regex(/^[0-9a-f]{32}$/);
const nonce = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.int().min(0);
const base64 = (bytes: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]*$/)
    .max(Math.ceil((bytes * 4) / 3));

const people = z.array(publicId).max(256);
const by = publicId;
const notice = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("created"), by }),
  z.object({ kind: z.enum(["added", "removed"]), by, people }),
  z.object({ kind: z.literal("left"), people }),
  z.object({ kind: z.literal("name"), by, name: z.string().max(256) }),
  z.object({ kind: z.enum(["description", "picture", "pinned", "unpinned"]), by }),
  z.object({ kind: z.literal("write"), by, write: z.enum(["all", "admins"]) }),
  z.object({ kind: z.literal("join"), by, join: z.enum(["approval", "open", "closed"]) }),
  z.object({ kind: z.literal("role"), by, person: publicId, role: z.enum(["owner", "admin", "member"]) }),
  z.object({ kind: z.literal("timer"), by, seconds: z.int().min(0) }),
  z.object({ kind: z.literal("shared"), by, person: publicId, since: time.optional() }),
]);
const body = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string().max(maxText) }),
  z.object({
    type: z.literal("voice"),
    seconds: z.number().min(0).max(maxVoiceSeconds),
    waveform: z.array(z.int().min(0).max(100)).max(maxWaveform),
    mime: z.string().regex(/^audio\/(?:webm|ogg|mp4)(?:; ?codecs=[\w.]{1,20})?$/),
  }),
  z.object({ type: z.literal("deleted"), by }),
  z.object({ type: z.literal("notice"), notice }),
  z.object({
    type: z.literal("call"),
    callId: id,
    video: z.boolean(),
    outcome: z.enum(["missed", "declined", "ended", "failed"]),
    seconds: z.number().min(0),
  }),
  storedPayment,
  storedRequest,
  storedPacket,
  storedAgreement,
]);
const link = z.object({
  url: z.string().max(2048),
  title: z.string().max(200),
  description: z.string().max(400).optional(),
  image: base64(maxCardImage).optional(),
});
const message = z.object({
  id,
  number: z.int().min(1),
  from: publicId,
  outgoing: z.boolean(),
  at: time,
  claimedAt: time.optional(),
  body,
  delivery: z.enum(["sent", "stored", "delivered", "read"]),
  reached: z.record(publicId, z.enum(["delivered", "read"])).optional(),
  replyTo: z.object({ id, from: publicId, preview: z.string().max(1024) }).optional(),
  forwarded: z.literal(true).optional(),
  sharedBy: publicId.optional(),
  mentions: z.array(publicId).max(maxMentions).optional(),
  link: link.optional(),
  edited: time.optional(),
  editId: id.optional(),
  reactions: z
    .array(z.object({ from: publicId, emoji: z.string().max(64).nullable(), at: time, id }))
    .max(1024)
    .optional(),
  deletedBy: publicId.optional(),
  deletion: z.object({ at: time, id }).optional(),
  timer: z.int().min(0).optional(),
  expiresAt: time.optional(),
  starred: z.literal(true).optional(),
});

const contact = z.object({
  publicId,
  pseudonym: z.string().max(256),
  state: z.enum(["request-sent", "request-received", "connected", "declined", "blocked"]),
  since: time,
  verified: z.boolean(),
  note: z.string().max(1024).optional(),
  conversationId: id.optional(),
  agreementKey: key,
  received: z.object({ nonce, keyPackage: base64(8192), sentAt: time }).optional(),
  done: z.array(nonce).max(256),
});

const flags = z.object({ archived: z.boolean().optional(), mutedUntil: time.optional() });

export const itemSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("account"),
    pseudonym: z.string().max(256),
    keyVersion: z.int().min(1),
    identitySeed: key,
    agreementSecret: key,
    controllerSecret: key,
    /** The wrapped root of a wallet that cannot repeat a signature. */
    backup: base64(256).optional(),
    readReceipts: z.boolean(),
  }),
  z.object({ kind: z.literal("devices"), names: z.array(namedSchema).max(64) }),
  z.object({ kind: z.literal("contact"), contact }),
  z.object({
    kind: z.literal("conversation"),
    id,
    publicId: publicId.optional(),
    state: stateSchema,
    /** Numbers below this one belong to the history that follows. */
    next: z.int().min(1),
    unread: z.int().min(0),
    flags: flags.optional(),
    left: z.enum(["left", "removed"]).optional(),
  }),
  /** `late`: came after the list of conversations was made, and gets a number of the reader's. */
  z.object({
    kind: z.literal("message"),
    id,
    message,
    audio: base64(maxAudio).optional(),
    late: z.literal(true).optional(),
  }),
  z.object({ kind: z.literal("end") }),
]);
export type Item = z.infer<typeof itemSchema>;
export type ItemOf<K extends Item["kind"]> = Extract<Item, { kind: K }>;

/** To the new device. Frames count from 0; the last one ends with the item "end". */
export const frameSchema = z.union([
  z.object({
    v: z.literal(1),
    id,
    n: z.int().min(0),
    done: z.int().min(0),
    total: z.int().min(0),
    /** In the first one: where answers go. */
    back: z.object({ mailbox: key, opening: key }).optional(),
    items: z.array(z.unknown()).max(4096),
  }),
  z.object({ v: z.literal(1), id, cancel: z.literal(true) }),
]);
export type Frame = Extract<z.infer<typeof frameSchema>, { n: number }>;

/** To the old device. `got`: so many frames, from the first on, are safe here. */
export const answerSchema = z.union([
  z.object({ v: z.literal(1), id, got: z.int().min(1), device: key }),
  z.object({ v: z.literal(1), id, cancel: z.literal(true) }),
]);
