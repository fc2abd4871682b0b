import type { useTranslations } from "next-intl";
import type { AgreementView, MilestoneAct } from "../../lib/types.ts";
import type { AgreementWords } from "./use-agreement-words.ts";

/** What somebody did, in a sentence. */
export function actWords(
  t: ReturnType<typeof useTranslations<"agreements">>,
  words: AgreementWords,
  view: AgreementView | undefined,
  act: MilestoneAct,
  name: string,
): string {
  const draft = view?.version.draft;
  const title = (index: number) => draft?.money?.milestones[index]?.title ?? `${index + 1}`;
  const sides = draft ? words.sides(draft) : { payer: "", payee: "" };
  const sum = (units: bigint) => (draft ? words.amount(draft, units) : "");
  switch (act.do) {
    case "fund": {
      const paid = draft?.money?.milestones.slice(act.first, act.first + act.count) ?? [];
      return t("line.fund", { name, amount: sum(paid.reduce((all, { amount }) => all + amount, 0n)) });
    }
    case "accept":
    case "refund":
      return t(`line.${act.do}`, { name, amount: sum(act.amount), milestone: title(act.index) });
    case "rule":
      return t("line.rule", { name, ...sides, amount: sum(act.toPayee), milestone: title(act.index) });
    case "extend":
      return t("line.extend", { name, when: words.day(act.due), milestone: title(act.index) });
    case "cancel":
      return t("line.cancel", { name, ...sides, amount: sum(act.toPayee) });
    case "sweep":
      return t("line.sweep", { name });
    default:
      return t(`line.${act.do}`, { name, milestone: title(act.index) });
  }
}
