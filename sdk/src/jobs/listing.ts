import { keccak256 } from "viem";
import * as z from "zod";
import { amount, asset, hex, language, line, maxMilestones, maxTitle } from "../agreements/fields.ts";
import { cleanText, isBlank } from "../conversation/content/text.ts";
import { type Bytes, utf8 } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Listing } from "../types/jobs.ts";
import type { Hex } from "../types/primitives.ts";

export const maxListingTitle: number = maxTitle;
/** What relays keep of one document. */
export const maxDocumentBytes = 32 * 1024;

const paragraph = (max: number) =>
  z
    .string()
    .max(max)
    .transform((text) => cleanText(text).normalize("NFC").trim())
    .refine((text) => !isBlank(text) && text.length <= max);

const schema = z.object({
  v: z.literal(1).default(1),
  language,
  chainId: z.int().positive(),
  poster: hex(32),
  title: line(maxTitle),
  requirements: paragraph(4000),
  deliverables: paragraph(2000),
  rights: z.enum(["transfer", "licence"]),
  skills: z.array(line(30)).max(8),
  asset: z.object(asset),
  milestones: z
    .array(z.object({ title: line(maxTitle), amount, days: z.int().min(1).max(1000) }))
    .min(1)
    .max(maxMilestones)
    .refine((all) => all.reduce((sum, one) => sum + one.amount, 0n) < 2n ** 128n),
});

/**
 * Reads a listing from a form or a relay, and cleans it.
 * @param listing an object; amounts as decimal strings or bigint
 * @throws SkrumbleError JOB_INVALID (details name the field)
 */
export function parseListing(listing: unknown): Listing {
  const parsed = schema.safeParse(listing);
  const wrong = parsed.success
    ? parsed.data.asset.chainId !== parsed.data.chainId && "asset.chainId"
    : (parsed.error.issues[0]?.path.join(".") ?? "");
  if (!parsed.success || wrong !== false) throw new SkrumbleError("JOB_INVALID", { details: wrong || "listing" });
  const { v: _, ...listed } = parsed.data;
  return listed;
}

/** The bytes that relays keep and whose hash is signed: UTF-8 of JSON. @throws SkrumbleError JOB_INVALID (too long) */
export function listingBytes(listing: Listing): Bytes {
  const plain = { v: 1, ...parseListing(listing) };
  const bytes = utf8(JSON.stringify(plain, (_, value) => (typeof value === "bigint" ? value.toString() : value)));
  if (bytes.length > maxDocumentBytes) throw new SkrumbleError("JOB_INVALID", { details: "requirements" });
  return bytes;
}

/** What the poster signs of a listing, and the chain and relays know it by. @throws SkrumbleError JOB_INVALID */
export const hashListing = (listing: Listing): Hex => keccak256(listingBytes(listing));

/** The listing in a document whose hash was checked. @throws SkrumbleError JOB_INVALID */
export function readListing(bytes: Uint8Array): Listing {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new SkrumbleError("JOB_INVALID", { cause: error });
  }
  return parseListing(json);
}
