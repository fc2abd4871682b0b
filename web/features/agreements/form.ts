import type {
  AgreementDraft,
  AgreementLanguage,
  AgreementMoney,
  AgreementParty,
  AgreementTemplate,
  SilenceOutcome,
} from "@skrumble/sdk/agreements";
import { parseDraft, templateOf } from "@skrumble/sdk/agreements";
import { formatAmount, parseAmount } from "../../lib/amounts.ts";
import type { PublicId } from "../../lib/types.ts";

export const silences = ["onNoSubmission", "onNoReview", "onRejection"] as const;
export type Silence = (typeof silences)[number];

export interface MilestoneForm {
  title: string;
  amount: string;
  /** yyyy-mm-dd: until the end of that day here. */
  due: string;
  /** The second that stood there, while nobody has typed another day: in another time zone it stays the same moment. */
  dueAt?: number | undefined;
}

/** An agreement while it is filled in, all as typed: so it is kept, and comes back as it was. */
export interface AgreementForm {
  template: string;
  version: number;
  language: AgreementLanguage;
  /** One's own, of the template's. */
  role: string;
  others: readonly PublicId[];
  /** A pseudonym; blank for none. */
  arbiter: string;
  values: Readonly<Record<string, string>>;
  milestones: readonly MilestoneForm[];
  outcomes: Readonly<Partial<Record<Silence, SilenceOutcome>>>;
  /** Per cent. */
  share: string;
  retained: string;
  /** Days. */
  review: string;
  response: string;
  ruling: string;
  signBy: string;
  /** As `dueAt`. */
  signByAt?: number | undefined;
}

const day = 86_400;

const dayText = (at: Date): string =>
  `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;

/** A day so many from now; later where it would be before a moment in Unix seconds. */
export const dayIn = (days: number, notBefore = 0): string =>
  dayText(new Date(Math.max(Date.now() + days * day * 1000, notBefore * 1000)));

/** The last minute of a day, in Unix seconds; 0 for none. */
export function endOf(text: string): number {
  const at = new Date(`${text}T23:59:00`).getTime();
  return Number.isNaN(at) ? 0 : Math.floor(at / 1000);
}

export const emptyMilestone = (after = dayIn(14)): MilestoneForm => ({ title: "", amount: "", due: after });

export function emptyForm(
  { id, version, roles }: AgreementTemplate,
  language: AgreementLanguage,
  others: readonly PublicId[],
): AgreementForm {
  return {
    ...{ template: id, version, language, role: roles[0]?.id ?? "", others, arbiter: "" },
    ...{ values: {}, milestones: [emptyMilestone()], outcomes: {}, share: "50", retained: "0" },
    ...{ review: "7", response: "7", ruling: "14", signBy: dayIn(7) },
  };
}

/** An existing draft, to be changed. */
export function formOf(draft: AgreementDraft, me: PublicId): AgreementForm {
  const { template, version, language, parties, arbiter, values, money, signBy } = draft;
  const rules = money?.rules;
  const days = (seconds: number | undefined, none: string) => (seconds === undefined ? none : `${seconds / day}`);
  const percent = (share: number | undefined) => formatAmount(BigInt(share ?? 0), 2);
  return {
    ...{ template, version, language, values },
    role: parties.find(({ publicId }) => publicId === me)?.role ?? "",
    others: parties.flatMap(({ publicId }) => (publicId === me ? [] : [publicId])),
    arbiter: arbiter?.pseudonym ?? "",
    milestones: (money?.milestones ?? []).map(({ title, amount, due }) => ({
      ...{ title, due: dayText(new Date(due * 1000)), dueAt: due },
      amount: formatAmount(amount, money?.asset.decimals ?? 0),
    })),
    outcomes: Object.fromEntries(silences.flatMap((name) => (rules?.[name] ? [[name, rules[name]]] : []))),
    ...{ share: percent(rules?.fallbackShare), retained: percent(rules?.retainedShare) },
    ...{ review: days(rules?.reviewTime, "7"), response: days(rules?.responseTime, "7") },
    ...{ ruling: days(rules?.rulingTime, "14"), signBy: dayText(new Date(signBy * 1000)), signByAt: signBy },
  };
}

/** Whether a share is to be said: nobody signs a number without effect. */
export const sharesOut = ({ outcomes, arbiter }: AgreementForm, { kind }: AgreementTemplate): boolean =>
  kind === "sale" || arbiter.trim() !== "" || silences.some((name) => outcomes[name] === "split");

interface Filling {
  me: Omit<AgreementParty, "role">;
  others: readonly Omit<AgreementParty, "role">[];
  arbiter: Omit<AgreementParty, "role"> | undefined;
  /** Without money in it, what chain it is for is enough. */
  asset: AgreementMoney["asset"] | { chainId: number };
}

export type Filled = { draft: AgreementDraft } | { problem: string };

/** What was typed as a draft, or the first field that is not right yet, named as in the draft. */
export function draftOf(form: AgreementForm, { me, others, arbiter, asset }: Filling): Filled {
  const template = templateOf(form);
  const { language, values } = form;
  const other = template.roles.find(({ id }) => id !== form.role)?.id ?? form.role;
  const all = [{ ...me, role: form.role }, ...others.map((party) => ({ ...party, role: other }))];
  const order = template.roles.map(({ id }) => id);
  const parties =
    template.kind === "plain" ? all : all.toSorted((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
  const base = {
    ...{ template: template.id, version: template.version, language, chainId: asset.chainId, parties, values },
    ...(arbiter ? { arbiter: { ...arbiter, role: "arbiter" } } : {}),
    signBy: form.signByAt ?? endOf(form.signBy),
    salt: `0x${"0".repeat(64)}`,
  };
  const missing = template.fields.find(({ id, optional }) => !optional && !values[id]?.trim());
  if (missing) return { problem: `values.${missing.id}` };
  if (base.signBy * 1000 <= Date.now()) return { problem: "signBy" };
  if (template.kind === "plain") return parsed(base);
  if (!("token" in asset)) return { problem: "money.asset" };
  const money = moneyOf(form, template, asset, arbiter !== undefined);
  return "problem" in money ? money : parsed({ ...base, money });
}

function moneyOf(
  form: AgreementForm,
  template: AgreementTemplate,
  asset: AgreementMoney["asset"],
  judged: boolean,
): AgreementMoney | { problem: string } {
  const milestones = form.milestones.map(({ title, amount, due, dueAt }) => ({
    ...{ title, due: dueAt ?? endOf(due) },
    amount: read(amount, asset.decimals) ?? 0n,
  }));
  const index = milestones.findIndex(({ title, amount, due }) => !title.trim() || amount <= 0n || due === 0);
  const wrong = milestones[index];
  if (wrong) {
    const field = !wrong.title.trim() ? "title" : wrong.amount <= 0n ? "amount" : "due";
    return { problem: `money.milestones.${index}.${field}` };
  }
  const work = template.kind === "work";
  const open = work && silences.find((name) => form.outcomes[name] === undefined);
  if (open) return { problem: `money.rules.${open}` };
  const share = sharesOut(form, template) ? read(form.share, 2) : 0n;
  if (share === undefined || share > 10_000n) return { problem: "money.rules.fallbackShare" };
  const retained = work ? 0n : read(form.retained, 2);
  if (retained === undefined || retained > 10_000n) return { problem: "money.rules.retainedShare" };
  const { chainId, token, symbol, decimals } = asset;
  return {
    asset: { chainId, token, symbol, decimals },
    milestones,
    rules: {
      ...(work ? form.outcomes : { retainedShare: Number(retained) }),
      fallbackShare: Number(share),
      ...{ reviewTime: secondsOf(form.review), responseTime: secondsOf(form.response) },
      ...(judged ? { rulingTime: secondsOf(form.ruling) } : {}),
    },
  };
}

/** Days as they stand in a form, in whole hours: agreements count in these. */
export const hoursOf = (days: string): number => Math.round(Number(days) * 24);
const secondsOf = (days: string): number => hoursOf(days) * 3600;

function read(text: string, decimals: number): bigint | undefined {
  try {
    return parseAmount(text.trim(), decimals);
  } catch {
    return undefined;
  }
}

function parsed(draft: object): Filled {
  try {
    return { draft: parseDraft(draft) };
  } catch (error) {
    const { details } = error as { details?: string };
    return { problem: details ?? "" };
  }
}
