import type { AgreementDraft, AgreementLanguage, AgreementTemplate } from "@skrumble/sdk/agreements";
import { templateOf } from "@skrumble/sdk/agreements";
import { useFormatter, useLocale, useTranslations } from "next-intl";
import { formatAmount } from "../../lib/amounts.ts";
import type { AgreementView, PublicId } from "../../lib/types.ts";
import type { Tone } from "../../ui/chip.tsx";
import type { Silence } from "../conversation/can-write.ts";
import type { NameOf } from "../message/types.ts";
import { useIdentity } from "../session/use-client.ts";
import { useStandstill } from "../shell/connection.ts";

export const tones: Readonly<Record<AgreementView["state"], Tone>> = {
  ...{ proposed: "wait", signing: "wait", recording: "wait" },
  ...{ "in-force": "good", finished: "good", declined: "bad", expired: "plain" },
};

/** In the language of the screen; the text itself is in the one it was written in. */
export const useOurLanguage = (): AgreementLanguage => (useLocale() === "zh-CN" ? "zh-CN" : "en");

/** What those who pay and are paid are called. */
export function sidesOf({ roles }: AgreementTemplate, language: AgreementLanguage): { payer: string; payee: string } {
  const [payer = "", payee = ""] = roles.map(({ name }) => name[language]);
  return { payer, payee };
}

export function useAgreementWords(nameOf: NameOf) {
  const t = useTranslations("agreements");
  const line = useTranslations("line");
  const isStanding = useStandstill();
  const format = useFormatter();
  const language = useOurLanguage();
  const me = useIdentity().publicId;
  const title = (draft: AgreementDraft) => templateOf(draft).title[language];
  const role = (draft: AgreementDraft, id: string) =>
    id === "arbiter" ? t("arbiter") : (templateOf(draft).roles.find((one) => one.id === id)?.name[language] ?? id);
  const sides = (draft: AgreementDraft) => sidesOf(templateOf(draft), language);
  const who = (person: PublicId) => (person === me ? t("you") : nameOf(person));
  const list = (people: readonly PublicId[]) => format.list(people.map(who), { type: "conjunction" });
  const amount = (draft: AgreementDraft, units: bigint) =>
    draft.money ? `${formatAmount(units, draft.money.asset.decimals)} ${draft.money.asset.symbol}` : "";
  const total = (draft: AgreementDraft) =>
    amount(draft, draft.money?.milestones.reduce((sum, one) => sum + one.amount, 0n) ?? 0n);
  const moment = (seconds: number) => format.dateTime(seconds * 1000, { dateStyle: "medium", timeStyle: "short" });
  const day = (seconds: number) => format.dateTime(seconds * 1000, { dateStyle: "medium" });

  /** What is going on, and whose turn it is; nobody is asked for what cannot be said here. */
  function says(view: AgreementView, silence: Silence | undefined): string {
    const { state, signatures, declined, escrow } = view;
    const back = signatures.find((one) => one.state === "retracted");
    if (state === "declined" && declined) {
      const name = who(declined.from);
      const holds = view.versions.filter(({ id }) => view.bound.includes(id));
      if (signatures.some((one) => one.state === "signed")) holds.push(view.version);
      if (holds.length === 0) return t("says.declined", { name });
      return t("says.declinedSigned", { name, when: moment(Math.max(...holds.map(({ draft }) => draft.signBy))) });
    }
    if (back && state !== "in-force" && state !== "finished")
      return t("says.retracted", { name: who(back.party.publicId) });
    if (state === "proposed" || state === "signing") {
      const missing = signatures.filter((one) => one.state === "missing").map(({ party }) => party.publicId);
      if (!missing.includes(me)) return t("says.waiting", { names: list(missing) });
      return t(silence ? "says.waitingForYou" : "says.yourTurn");
    }
    if (state === "in-force" && escrow) {
      const done = escrow.milestones.filter((one) => one.state === "settled").length;
      const isSale = templateOf(view.version.draft).kind === "sale";
      return t(isSale ? "says.progressOfSale" : "says.progress", { done, count: escrow.milestones.length });
    }
    if (state === "recording" && isStanding) return line("waits");
    return t(`says.${state}`);
  }
  return { title, role, sides, who, list, amount, total, moment, day, says };
}

export type AgreementWords = ReturnType<typeof useAgreementWords>;
