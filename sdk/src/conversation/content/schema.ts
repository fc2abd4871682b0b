import * as z from "zod";
import type { PublicId } from "../../types/primitives.ts";
import { maxText } from "../limits.ts";
import { checkLink, findLink } from "../links.ts";
import { agreementContent } from "./agreement.ts";
import { normalEmoji } from "./emoji.ts";
import { paymentContent, requestContent, withdrawContent } from "./money.ts";
import { packetContent } from "./packet.ts";
import { cleanLine, cleanText, isBlank } from "./text.ts";

/** What people say to each other. Bounds are of UTF-16 code units unless named otherwise. */

export const maxMentions = 64;
export const maxPreview = 256;
/** Of a link card's picture and of a voice message, in bytes. */
export const maxCardImage = 16 * 1024;
export const maxAudio = 160 * 1024;
export const maxVoiceSeconds = 600;
export const maxWaveform = 64;

const base64Length = (bytes: number): number => Math.ceil((bytes * 4) / 3);
const base64url = /^[A-Za-z0-9_-]+$/;

const id = z.string().regex(/^[0-9a-f]{32}$/);
const person = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform((text) => text as PublicId);
const text = z
  .string()
  .max(maxText)
  .transform(cleanText)
  .refine((cleaned) => !isBlank(cleaned));
const line = (max: number) =>
  z
    .string()
    .max(4 * max)
    .transform((typed) => cleanLine(typed, max));
const mentions = z
  .array(person)
  .max(maxMentions)
  .transform((people) => [...new Set(people)]);
const replyTo = z.object({ id, from: person, preview: line(maxPreview) });

/** JPEG, PNG or WebP by their first bytes: nothing that a page would run. */
const image = z
  .string()
  .max(base64Length(maxCardImage))
  .regex(base64url)
  .regex(/^(?:_9j_|iVBORw0KGg|UklGR)/);
const link = z.object({
  url: z.string().max(2048),
  title: line(200),
  description: line(400).optional(),
  image: image.optional(),
});

/** A card for anything but a link that stands in the text is left out: it would show one thing and open another. */
function withFittingCard<T extends { text: string; link?: z.infer<typeof link> | undefined }>(content: T): T {
  const { link: card, ...rest } = content;
  if (!card) return content;
  const found = findLink(content.text);
  const checked = checkLink(card.url);
  const fits = found !== undefined && "url" in checked && checked.url === found.url && card.title !== "";
  return fits ? { ...content, link: { ...card, url: checked.url } } : (rest as T);
}

const textContent = z
  .object({
    kind: z.literal("text"),
    text,
    mentions: mentions.optional(),
    replyTo: replyTo.optional(),
    link: link.optional(),
    forwarded: z.literal(true).optional(),
  })
  .transform(withFittingCard);

const voiceContent = z.object({
  kind: z.literal("voice"),
  seconds: z.number().min(0.1).max(maxVoiceSeconds),
  waveform: z.array(z.int().min(0).max(100)).max(maxWaveform),
  /** Becomes the type of a Blob: nothing but sound. */
  mime: z.string().regex(/^audio\/(?:webm|ogg|mp4)(?:; ?codecs=[\w.]{1,20})?$/),
  audio: z.string().min(1).max(base64Length(maxAudio)).regex(base64url),
  replyTo: replyTo.optional(),
  forwarded: z.literal(true).optional(),
});

export const contentSchema = z.discriminatedUnion("kind", [
  textContent,
  voiceContent,
  z.object({ kind: z.literal("reaction"), target: id, emoji: z.string().transform(toEmoji).nullable() }),
  z
    .object({
      kind: z.literal("edit"),
      target: id,
      text,
      mentions: mentions.optional(),
      link: link.optional(),
    })
    .transform(withFittingCard),
  z.object({ kind: z.literal("delete"), target: id }),
  paymentContent,
  requestContent,
  withdrawContent,
  packetContent,
  agreementContent,
]);

/** A message as others tell of it: without its sound. */
export const toldSchema = z.discriminatedUnion("kind", [textContent, voiceContent.omit({ audio: true })]);

export type Content = z.infer<typeof contentSchema>;
export type Told = z.infer<typeof toldSchema>;
export type Reply = z.infer<typeof replyTo>;
export type LinkCard = z.infer<typeof link>;

function toEmoji(typed: string, context: z.RefinementCtx): string {
  const emoji = normalEmoji(typed);
  if (emoji !== undefined) return emoji;
  context.issues.push({ code: "custom", message: "not an emoji", input: typed });
  return z.NEVER;
}
