import * as z from "zod";
import { cleanLine, cleanText, isBlank } from "../conversation/content/text.ts";
import { SkrumbleError } from "../errors/index.ts";
import { isNormalName } from "../identity/name.ts";
import type { AgreementDraft, AgreementTemplate } from "../types/agreements.ts";
import { checkDraft, longest } from "./checkDraft.ts";
import { amount, asset, hex, language, line, maxMilestones, maxTitle } from "./fields.ts";
import { templateOf } from "./templates/index.ts";

/** Of the Agreements contract: TermsRules. */
export const maxParties = 64;
const hour = 3600;

/** Whole minutes until the end of the year 9999: the text says no more than that, and must say all. */
const moment = z.int().positive().max(253_402_300_740).multipleOf(60);
const duration = z.int().min(hour).max(longest).multipleOf(hour);
const share = z.int().min(0).max(10_000);
const outcome = z.enum(["wait", "refund", "release", "split", "arbiter"]);
const party = z.strictObject({
  role: z.string().max(40),
  publicId: hex(32),
  pseudonym: z.string().refine(isNormalName),
  wallet: hex(20),
});

const schema = z.strictObject({
  template: z.string().max(40),
  version: z.int().positive(),
  language,
  chainId: z.int().positive(),
  parties: z.array(party).min(2).max(maxParties),
  arbiter: party.optional(),
  values: z.record(z.string().max(40), z.string().max(16_000)),
  money: z
    .strictObject({
      asset: z.strictObject(asset),
      milestones: z
        .array(z.strictObject({ title: line(maxTitle), amount, due: moment }))
        .min(1)
        .max(maxMilestones),
      rules: z.strictObject({
        onNoSubmission: outcome.optional(),
        onNoReview: outcome.optional(),
        onRejection: outcome.optional(),
        fallbackShare: share,
        retainedShare: share.optional(),
        reviewTime: duration,
        responseTime: duration,
        rulingTime: duration.optional(),
      }),
    })
    .optional(),
  signBy: moment,
  salt: hex(32),
});

/**
 * Reads a draft from a person, a peer or a file, and cleans it: two who parse the same draft write the same text. What it
 * lets through is what the contract accepts until `signBy`.
 * @param draft an object; amounts as decimal strings or bigint
 * @throws SkrumbleError AGREEMENT_INVALID (details name the field), AGREEMENT_TEMPLATE_UNKNOWN
 */
export function parseDraft(draft: unknown): AgreementDraft {
  const parsed = schema.safeParse(draft);
  if (!parsed.success) throw invalid(parsed.error.issues[0]?.path.join(".") ?? "");
  const template = templateOf(parsed.data);
  const cleaned: AgreementDraft = { ...parsed.data, values: cleanValues(parsed.data.values, template) };
  const wrong = checkDraft(cleaned, template);
  if (wrong) throw invalid(wrong);
  return cleaned;
}

/** For a message or a file: what {@link parseDraft} reads. */
export const draftToJson = (draft: AgreementDraft): string =>
  JSON.stringify(draft, (_, value) => (typeof value === "bigint" ? value.toString() : value));

const drafts = new Map<string, AgreementDraft>();
const maxDrafts = 256;

/** {@link parseDraft} of what {@link draftToJson} wrote; the same ones are read again and again. @throws as that, SyntaxError */
export function readDraft(json: string): AgreementDraft {
  const known = drafts.get(json);
  if (known) return known;
  const draft = parseDraft(JSON.parse(json));
  const [oldest] = drafts.keys();
  if (drafts.size >= maxDrafts && oldest !== undefined) drafts.delete(oldest);
  drafts.set(json, draft);
  return draft;
}

const invalid = (field: string) => new SkrumbleError("AGREEMENT_INVALID", { details: field });

function cleanValues(values: Readonly<Record<string, string>>, template: AgreementTemplate): Record<string, string> {
  const fields = new Map(template.fields.map((field) => [field.id, field]));
  const cleaned: Record<string, string> = {};
  for (const [id, typed] of Object.entries(values)) {
    const field = fields.get(id);
    if (!field || typed.length > 4 * field.max) throw invalid(`values.${id}`);
    const text = cleanText(typed).normalize("NFC");
    const value = field.type === "paragraph" ? trimLines(text) : cleanLine(text, field.max);
    if (value.length > field.max) throw invalid(`values.${id}`);
    if (!isBlank(value)) cleaned[id] = value;
  }
  // In the template's order, whatever the sender's: the same text is written the same way.
  return Object.fromEntries(template.fields.flatMap(({ id }) => (id in cleaned ? [[id, cleaned[id] as string]] : [])));
}

/** White space at the end of a line or a text is nothing that anybody agrees on. */
const trimLines = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/^\n+|\n+$/g, "");
