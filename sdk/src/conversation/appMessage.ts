import * as z from "zod";
import { type Bytes, utf8 } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import { contentSchema } from "./content/schema.ts";
import { maxSaid, maxShared, saidSchema } from "./sharing/said.ts";

/** What members say to each other inside MLS: JSON, at most this many bytes; a voice message is the longest. */
export const maxAppMessage = 240 * 1024;

const id = z.string().regex(/^[0-9a-f]{32}$/);
const hash = z.string().regex(/^0x[0-9a-f]{64}$/);
/** 1, 2, 3 … within one session: whoever sees a hole asks for what is missing. */
const counter = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

const schema = z.discriminatedUnion("type", [
  z.object({
    v: z.literal(1),
    type: z.literal("content"),
    id,
    n: counter,
    /** The group it was counted in first, when that has been replaced since. */
    route: id.optional(),
    at: z.int().min(0),
    content: contentSchema,
    /** Seconds it is to live once it was seen. */
    timer: z
      .int()
      .min(1)
      .max(31 * 86_400)
      .optional(),
  }),
  z.object({ v: z.literal(1), type: z.literal("delivered"), ids: z.array(id).min(1).max(256) }),
  z.object({ v: z.literal(1), type: z.literal("read"), upTo: id }),
  z.object({ v: z.literal(1), type: z.literal("typing") }),
  /** Its sender came another way to where it is now: it has said so many texts in this group. */
  z.object({ v: z.literal(1), type: z.literal("here"), n: counter.or(z.literal(0)) }),
  /** Texts of one device that did not arrive. */
  z.object({
    v: z.literal(1),
    type: z.literal("missing"),
    route: id,
    device: hash,
    ns: z.array(counter).min(1).max(256),
  }),
  /** Answers "missing" for what cannot be sent again. `to`: the device that asked; another of the person may get it yet. */
  z.object({ v: z.literal(1), type: z.literal("gone"), to: hash, route: id, ns: z.array(counter).min(1).max(256) }),
  /** A piece of what an admin lets `to` read of the time before they came. `left`: messages that follow in others. */
  z.object({
    v: z.literal(1),
    type: z.literal("history"),
    /** What the group's state calls it. */
    share: id,
    to: hash,
    left: z.int().min(0).max(maxShared),
    said: z.array(saidSchema).min(1).max(maxSaid),
  }),
  z.object({
    v: z.literal(1),
    type: z.literal("anchored"),
    /** "start" or the id of a call. */
    context: z.string().max(64),
    relayId: z.int().min(1),
    root: hash,
    proof: z.array(hash).max(32),
    blockNumber: z.string().regex(/^\d{1,18}$/),
    txHash: hash,
  }),
  /** Checked by the call room. */
  z.object({ v: z.literal(1), type: z.literal("call"), signal: z.unknown() }),
  /** Sets up a direct line between two devices; checked by its room. */
  z.object({ v: z.literal(1), type: z.literal("direct"), signal: z.unknown() }),
]);

export type AppMessage = z.infer<typeof schema>;

/** @throws SkrumbleError MESSAGE_TOO_LONG */
export function encodeAppMessage(message: AppMessage): Bytes {
  const bytes = utf8(JSON.stringify(message));
  if (bytes.length > maxAppMessage) throw new SkrumbleError("MESSAGE_TOO_LONG");
  return bytes;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Undefined for what this version does not understand: a newer client may say more. */
export function decodeAppMessage(bytes: Uint8Array): AppMessage | undefined {
  if (bytes.length > maxAppMessage) return undefined;
  try {
    const parsed = schema.safeParse(JSON.parse(decoder.decode(bytes)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
