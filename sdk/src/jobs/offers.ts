import { encodeAbiParameters, keccak256 } from "viem";
import * as z from "zod";
import { draftToJson, parseDraft } from "../agreements/parseDraft.ts";
import { maxText } from "../conversation/limits.ts";
import { randomBytes, toHex, utf8 } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { AgreementParty } from "../types/agreements.ts";
import type { Job, JobOffer, OfferInput, RegisteredPerson } from "../types/jobs.ts";
import type { Address, Hex } from "../types/primitives.ts";

/** The salt of an agreement that is about this job (IJobBoard). */
export const saltFor = (jobId: bigint, secret: Hex): Hex =>
  keccak256(encodeAbiParameters([{ type: "uint64" }, { type: "bytes32" }], [jobId, secret]));

/**
 * An agreement made of a listing, from the template "freelance", tied to the job. Nobody has signed it yet.
 * @throws SkrumbleError JOB_INVALID (the listing is not here), AGREEMENT_INVALID
 */
export function makeOffer(job: Job, { client, freelancer, rules, signBy, milestones }: OfferInput): JobOffer {
  const { listing } = job;
  if (!listing) throw new SkrumbleError("JOB_INVALID");
  const secret = toHex(randomBytes(32));
  const draft = parseDraft({
    ...{ template: "freelance", version: 1, language: listing.language, chainId: listing.chainId, signBy },
    parties: [partyOf("client", client), partyOf("freelancer", freelancer)],
    values: {
      job: listing.title,
      requirements: listing.requirements,
      deliverables: listing.deliverables,
      rights: listing.rights,
    },
    money: {
      asset: listing.asset,
      milestones: (milestones ?? listing.milestones).map(({ title, amount, days }) => ({
        ...{ title, amount },
        due: signBy + days * 86_400,
      })),
      rules,
    },
    salt: saltFor(job.id, secret),
  });
  return { jobId: job.id, draft, secret, signatures: new Map() };
}

const partyOf = (role: string, { publicId, pseudonym, wallet }: RegisteredPerson): AgreementParty => ({
  ...{ role, publicId, pseudonym, wallet },
});

const word = "skrumble-job-offer";
const schema = z.strictObject({
  kind: z.literal(word),
  jobId: z
    .string()
    .regex(/^[1-9][0-9]{0,18}$/)
    .transform(BigInt),
  secret: z.string().regex(/^0x[0-9a-f]{64}$/) as unknown as z.ZodType<Hex>,
  draft: z.unknown().transform(parseDraft),
  signatures: z.record(z.string().regex(/^0x[0-9a-f]{40}$/), z.string().regex(/^0x[0-9a-f]{2,4096}$/)),
});

/**
 * An offer as a text of the conversation: a line for people, then JSON for programs.
 * @param line what somebody without such a program reads
 * @throws SkrumbleError MESSAGE_TOO_LONG
 */
export function offerToText({ jobId, draft, secret, signatures }: JobOffer, line: string): string {
  const plain = { kind: word, jobId: jobId.toString(), secret, signatures: Object.fromEntries(signatures) };
  const json = JSON.stringify({ ...plain, draft: JSON.parse(draftToJson(draft)) });
  const text = `${line.replaceAll("\n", " ")}\n${json}`;
  if (utf8(text).length > maxText) throw new SkrumbleError("MESSAGE_TOO_LONG");
  return text;
}

/**
 * The offer in a text. Its words are its sender's: {@link confirmDraft} asks the registry before anybody signs.
 * @returns undefined for any other text
 * @throws SkrumbleError JOB_OFFER_INVALID
 */
export function offerOf(text: string): JobOffer | undefined {
  const json = text.slice(text.indexOf("\n") + 1);
  if (!json.startsWith(`{"kind":"${word}"`)) return undefined;
  try {
    const { kind: _, signatures, ...offer } = schema.parse(JSON.parse(json));
    if (offer.draft.salt !== saltFor(offer.jobId, offer.secret)) throw new SkrumbleError("JOB_OFFER_INVALID");
    return { ...offer, signatures: new Map(Object.entries(signatures) as [Address, Hex][]) };
  } catch (error) {
    throw new SkrumbleError("JOB_OFFER_INVALID", { cause: error });
  }
}
