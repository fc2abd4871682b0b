"use client";
import { templateOf } from "@skrumble/sdk/agreements";
import { useTranslations } from "next-intl";
import type { AgreementView } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Chip, type Tone } from "../../ui/chip.tsx";
import type { Acting } from "./act-form.tsx";
import { actWords } from "./act-words.ts";
import { actsFor, unpaid } from "./possible-acts.ts";
import type { AgreementWords } from "./use-agreement-words.ts";

const tones: Record<string, Tone> = {
  ...{ unfunded: "plain", funded: "accent", submitted: "wait", rejected: "bad", disputed: "bad", settled: "good" },
};

interface MilestonesTabProps {
  view: AgreementView;
  words: AgreementWords;
  onAct(acting: Acting): void;
}

/** Each milestone with what it holds, what was said about it, and what one can do now. */
export function MilestonesTab({ view, words, onAct }: MilestonesTabProps) {
  const t = useTranslations("agreements");
  const { draft } = view.version;
  const { escrow } = view;
  const now = Date.now() / 1000;
  const open = unpaid(view);
  const payer = templateOf(draft).roles[0]?.id;
  const sum = (first: number, count: number) =>
    (draft.money?.milestones ?? []).slice(first, first + count).reduce((all, { amount }) => all + amount, 0n);
  const party = view.role !== undefined && view.role !== "arbiter";
  return (
    <>
      {!escrow && <p className="mb-3 text-13 text-ink-soft">{t(view.concluded ? "escrowUnread" : "escrowLater")}</p>}
      {escrow && view.role === payer && open.count > 1 && (
        <Button
          look="primary"
          className="mb-4 w-full"
          onClick={() => onAct({ do: "fund", index: open.first, count: open.count })}
        >
          {t("fundAll", { amount: words.amount(draft, sum(open.first, open.count)) })}
        </Button>
      )}
      <ol className="flex flex-col gap-3">
        {draft.money?.milestones.map(({ title, amount, due }, index) => {
          // Nobody changes the order of milestones that are signed.
          const place = `${index} ${title}`;
          const standing = escrow?.milestones[index];
          const acts = actsFor(view, index, now);
          const told = view.events.filter(
            ({ act, state }) => "index" in act && act.index === index && state === "true",
          );
          return (
            <li key={place} className="rounded-md border border-hairline px-4 py-3">
              <div className="flex items-start justify-between gap-2">
                <h3 className="min-w-0 text-15 font-medium [overflow-wrap:anywhere]">{title}</h3>
                {standing && <Chip tone={tones[standing.state] ?? "plain"}>{t(`milestone.${standing.state}`)}</Chip>}
              </div>
              <p className="tabular mt-1 text-17 font-semibold">{words.amount(draft, amount)}</p>
              <p className="text-13 text-ink-soft">{t("until", { when: words.moment(standing?.due ?? due) })}</p>
              {standing && standing.remaining > 0n && standing.remaining !== amount && (
                <p className="tabular text-13 text-ink-soft">
                  {t("holds", { amount: words.amount(draft, standing.remaining) })}
                </p>
              )}
              {standing?.timeout && (
                <p className="mt-1 text-13 text-ink-soft">
                  {t(now > standing.timeout.at ? "ranOut" : "runsOut", {
                    when: words.moment(standing.timeout.at),
                    outcome: t(`outcome.${standing.timeout.outcome}`, words.sides(draft)),
                  })}
                </p>
              )}
              {told.length > 0 && (
                <ul className="mt-2 flex flex-col gap-1.5 border-l-2 border-hairline pl-3 text-13">
                  {told.map(({ message, act, from }) => (
                    <li key={message} className="[overflow-wrap:anywhere]">
                      {actWords(t, words, view, act, words.who(from))}
                      {"text" in act && <span className="block whitespace-pre-wrap text-ink-soft">{act.text}</span>}
                    </li>
                  ))}
                </ul>
              )}
              {acts.length > 0 && (
                <div className="mt-3 flex flex-wrap gap-2">
                  {acts.map((act, rank) => (
                    <Button
                      key={act}
                      small
                      aria-label={`${t(`act.${act}`)}: ${title}`}
                      look={rank === 0 && open.count < 2 ? "primary" : "quiet"}
                      onClick={() => onAct({ do: act, index, count: 1 })}
                    >
                      {t(`act.${act}`)}
                    </Button>
                  ))}
                </div>
              )}
            </li>
          );
        })}
      </ol>
      {escrow && party && view.state === "in-force" && (
        <Button look="danger-quiet" className="mt-4" onClick={() => onAct({ do: "cancel", index: 0, count: 1 })}>
          {t("act.cancel")}
        </Button>
      )}
    </>
  );
}
