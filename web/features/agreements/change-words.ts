import type {
  AgreementDraft,
  AgreementLanguage,
  AgreementMilestone,
  AgreementTemplate,
  DraftChange,
} from "@skrumble/sdk/agreements";
import type { useTranslations } from "next-intl";
import { formatAmount } from "../../lib/amounts.ts";
import type { AgreementWords } from "./use-agreement-words.ts";

type Translate = ReturnType<typeof useTranslations<"agreements">>;

interface Changed {
  change: DraftChange;
  draft: AgreementDraft;
  template: AgreementTemplate;
  language: AgreementLanguage;
}

/** One difference for people: what it is about, and what stood and stands there. */
export function changeWords(t: Translate, words: AgreementWords, { change, draft, template, language }: Changed) {
  switch (change.what) {
    case "value": {
      const field = template.fields.find(({ id }) => id === change.field);
      const say = (value: string) => field?.options?.find(({ id }) => id === value)?.label[language] ?? value;
      const label = field?.label[language] ?? change.field;
      return { key: change.field, label, before: say(change.before), after: say(change.after) };
    }
    case "milestone": {
      const say = (one: AgreementMilestone | undefined) =>
        one ? [one.title, words.amount(draft, one.amount), t("until", { when: words.moment(one.due) })].join("\n") : "";
      const label = t(template.kind === "sale" ? "instalmentNumber" : "milestoneNumber", { number: change.index + 1 });
      return { key: `milestone ${change.index}`, label, before: say(change.before), after: say(change.after) };
    }
    case "rule": {
      const say = (value: string | number | undefined) => ruleValue(t, change.rule, value, words.sides(draft));
      return {
        key: change.rule,
        label: t(`rule.${change.rule}`),
        before: say(change.before),
        after: say(change.after),
      };
    }
    default: {
      const say = (value: string) => {
        if (change.what === "signBy") return words.moment(Number(value));
        if (change.what === "language") return t(value === "en" ? "inEnglish" : "inChinese");
        return value;
      };
      if (change.what === "asset" || change.what === "arbiter") {
        const [before, after] = tellApart(change.before, change.after, (decimals) =>
          t("decimals", { count: decimals }),
        );
        return { key: change.what, label: t(`fact.${change.what}`), before, after };
      }
      return {
        key: change.what,
        label: t(`fact.${change.what}`),
        before: say(change.before),
        after: say(change.after),
      };
    }
  }
}

/**
 * A name with two marks behind it: token and decimals, or wallet and id. What a token calls itself is its own choice, so the marks
 * are shown wherever they are not the same as before.
 */
function tellApart(before: string, after: string, decimals: (count: number) => string): [string, string] {
  const read = (text: string) => {
    const parts = text.split(" ");
    return [parts.slice(0, -2).join(" "), parts.at(-2) ?? "", parts.at(-1) ?? ""] as const;
  };
  const [old, now] = [read(before), read(after)];
  const say = ([name, address, last]: ReturnType<typeof read>) => {
    const mark = /^\d+$/.test(last) ? decimals(Number(last)) : last;
    return [name, ...(old[1] === now[1] ? [] : [address]), ...(old[2] === now[2] ? [] : [mark])].join("\n").trim();
  };
  return [say(old), say(now)];
}

function ruleValue(
  t: Translate,
  rule: Extract<DraftChange, { what: "rule" }>["rule"],
  value: string | number | undefined,
  sides: { payer: string; payee: string },
) {
  if (value === undefined) return "";
  if (rule === "onNoSubmission" || rule === "onNoReview" || rule === "onRejection")
    return t(`outcome.${value as "wait" | "refund" | "release" | "split" | "arbiter"}`, sides);
  if (rule === "fallbackShare" || rule === "retainedShare") return `${formatAmount(BigInt(value), 2)} %`;
  return Number(value) % 86_400 === 0
    ? t("days", { count: Number(value) / 86_400 })
    : t("hours", { count: Number(value) / 3600 });
}
