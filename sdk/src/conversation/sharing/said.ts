import * as z from "zod";
import { utf8 } from "../../crypto/bytes.ts";
import type { PublicId } from "../../types/primitives.ts";
import { toldSchema } from "../content/schema.ts";
import type { HistoryMessage } from "../content/types.ts";
import { toldOf } from "../send/wire.ts";

/** At once, to one person: the newest, where there are more. */
export const maxShared = 2000;
/** Of them as JSON. */
export const maxSharedBytes = 4 * 1024 * 1024;
/** Of one piece, which fits a payload of 64 KiB unless a single text is longer; and messages in it. */
export const pieceBytes = 62 * 1024;
export const maxSaid = 256;

/** A message as an admin tells of it: the words as they read now. */
export const saidSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  from: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/)
    .transform((text) => text as PublicId),
  at: z.int().min(0),
  edited: z.int().min(0).optional(),
  content: toldSchema,
});
export type Said = z.infer<typeof saidSchema>;

/**
 * Undefined for what is not shared: what disappears, what was shared with this device itself, and what the person said, who alone
 * can know that it is true.
 */
export function saidOf(message: HistoryMessage, to: PublicId): Said | undefined {
  const { id, from, at, edited, timer, sharedBy, delivery } = message;
  if (timer || sharedBy || from === to || delivery === "failed") return undefined;
  const content = toldOf(message);
  if (!content) return undefined;
  if (content.kind === "text" && content.link) content.link = { ...content.link, image: undefined };
  return { id, from, at, ...(edited === undefined ? {} : { edited }), content };
}

/** In bytes. */
export const sizeOf = (said: Said): number => utf8(JSON.stringify(said)).length + 1;
