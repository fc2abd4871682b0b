import * as z from "zod";
import { draftToJson, readDraft } from "../../agreements/parseDraft.ts";
import { codeOf } from "../../errors/index.ts";
import type { AgreementBody, AgreementStep, MilestoneAct } from "../../types/agreed.ts";
import type { Hex, MessageId } from "../../types/primitives.ts";
import { address, hash, messageId as id } from "./fields.ts";
import { cleanLine, cleanText, isBlank } from "./text.ts";

/** What is said about agreements. A draft travels as JSON text, amounts as decimal digits. */

export const maxActText = 4000;
export const maxDeclineNote = 140;
/** Of a draft as JSON, in code units: above what the longest template takes. */
export const maxDraft = 120_000;
/** A contract wallet's may be long. */
const maxSignature = 4096;

const units = z
  .string()
  .max(39)
  .regex(/^(?:0|[1-9]\d*)$/);
const index = z.int().min(0).max(31);
const time = z.int().min(1).max(253_402_300_799);

/** Whatever is no draft of a template known here is no message. What is kept is written anew: two devices keep the same. */
const draft = z
  .string()
  .max(maxDraft)
  .transform((json, context) => {
    try {
      return draftToJson(readDraft(json));
    } catch {
      context.issues.push({ code: "custom", message: "no draft", input: json });
      return z.NEVER;
    }
  });
const text = z
  .string()
  .max(maxActText)
  .transform(cleanText)
  .refine((cleaned) => !isBlank(cleaned));
const note = z
  .string()
  .max(4 * maxDeclineNote)
  .transform((typed) => cleanLine(typed, maxDeclineNote))
  .transform((line) => (isBlank(line) ? undefined : line))
  .optional();

/** `text` with `salt` is what the chain has the hash of. */
export const actSchema = z.discriminatedUnion("do", [
  z.object({ do: z.literal("fund"), first: index, count: z.int().min(1).max(32) }),
  z.object({ do: z.enum(["submit", "reject", "dispute"]), index, text, salt: hash }),
  z.object({ do: z.enum(["accept", "refund"]), index, amount: units }),
  z.object({ do: z.literal("rule"), index, toPayee: units }),
  z.object({ do: z.literal("extend"), index, due: time }),
  z.object({ do: z.enum(["declareDefault", "settle"]), index }),
  z.object({ do: z.literal("cancel"), toPayee: units }),
  z.object({ do: z.literal("sweep") }),
]);

/** `of`: the message that proposed the agreement first. */
const step = z.discriminatedUnion("did", [
  z.object({ did: z.literal("proposed"), draft }),
  z.object({ did: z.literal("changed"), of: id, before: id, draft }),
  z.object({
    did: z.literal("signed"),
    of: id,
    version: id,
    wallet: address,
    signature: z
      .string()
      .max(2 + 2 * maxSignature)
      .regex(/^0x(?:[0-9a-f]{2})+$/)
      .transform((bytes) => bytes as Hex),
  }),
  z.object({ did: z.literal("declined"), of: id, note }),
  z.object({ did: z.literal("concluded"), of: id, version: id }),
  z.object({ did: z.literal("acted"), of: id, act: actSchema, transaction: hash }),
]);

export const agreementContent = z.object({ kind: z.literal("agreement"), step });
export const storedAgreement = z.object({ type: z.literal("agreement"), step });

export type StoredAgreement = z.infer<typeof storedAgreement>;
export type StoredStep = StoredAgreement["step"];
export type StoredAct = z.infer<typeof actSchema>;

/** The agreement that a message belongs to. */
export const agreementOf = (message: MessageId, { step: said }: StoredAgreement): MessageId =>
  said.did === "proposed" ? message : said.of;

export const shownAgreement = (message: MessageId, body: StoredAgreement): AgreementBody => ({
  type: "agreement",
  agreement: agreementOf(message, body),
  step: shownStep(body.step),
});

function shownStep(said: StoredStep): AgreementStep {
  switch (said.did) {
    case "proposed":
    case "changed":
      return shownText(said);
    case "signed":
    case "concluded":
      return { did: said.did, version: said.version };
    case "declined":
      return { did: said.did, note: said.note };
    case "acted":
      return { did: said.did, act: shownAct(said.act), transaction: said.transaction };
  }
}

/** What an earlier version of this program kept, another one may not know how to read: no other message suffers for it. */
function shownText(said: Extract<StoredStep, { draft: string }>): AgreementStep {
  try {
    const draft = readDraft(said.draft);
    return said.did === "proposed" ? { did: said.did, draft } : { did: said.did, before: said.before, draft };
  } catch (error) {
    return { did: "unreadable", problem: { code: codeOf(error) } };
  }
}

export function shownAct(said: StoredAct): MilestoneAct {
  switch (said.do) {
    case "submit":
    case "reject":
    case "dispute":
      return { do: said.do, index: said.index, text: said.text };
    case "accept":
    case "refund":
      return { do: said.do, index: said.index, amount: BigInt(said.amount) };
    case "rule":
      return { do: said.do, index: said.index, toPayee: BigInt(said.toPayee) };
    case "cancel":
      return { do: said.do, toPayee: BigInt(said.toPayee) };
    default:
      return said;
  }
}

/** As it is said and kept. @param salt 32 random bytes */
export function storedAct(shown: MilestoneAct, salt: Hex): StoredAct {
  switch (shown.do) {
    case "submit":
    case "reject":
    case "dispute":
      return { ...shown, salt };
    case "accept":
    case "refund":
      return { ...shown, amount: String(shown.amount) };
    case "rule":
    case "cancel":
      return { ...shown, toPayee: String(shown.toPayee) };
    default:
      return shown;
  }
}
