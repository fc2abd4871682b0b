"use client";
import { type EscrowMilestone, templateOf } from "@skrumble/sdk/agreements";
import { Clock3 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { AgreementView, OpenConsent, PendingAct, UntoldAct } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Chip, type Tone } from "../../ui/chip.tsx";
import { useRun } from "../groups/use-run.ts";
import { useClient, useIdentity } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import type { Acting } from "./act-form.tsx";
import { actWords } from "./act-words.ts";
import { ArbiterAway } from "./arbiter-away.tsx";
import { actsFor, consentsOn, isPending, pendingOn, unpaid } from "./possible-acts.ts";
import type { AgreementWords } from "./use-agreement-words.ts";

const tones: Record<EscrowMilestone["state"], Tone> = {
  ...{ unfunded: "plain", funded: "accent", submitted: "wait", rejected: "bad", disputed: "bad", settled: "good" },
};

interface MilestonesTabProps {
  view: AgreementView;
  words: AgreementWords;
  /** The arbiter, where they are not in this conversation. */
  arbiterAway: string | undefined;
  onAct(acting: Acting): void;
}

/** Each milestone with what it holds, what was said about it, and what one can do now. */
export function MilestonesTab({ view, words, arbiterAway, onAct }: MilestonesTabProps) {
  const t = useTranslations("agreements");
  const me = useIdentity().publicId;
  const { draft } = view.version;
  const { escrow } = view;
  const now = Date.now() / 1000;
  const open = unpaid(view);
  const payer = templateOf(draft).roles[0]?.id;
  const sum = (first: number, count: number) =>
    (draft.money?.milestones ?? []).slice(first, first + count).reduce((all, { amount }) => all + amount, 0n);
  const party = view.role !== undefined && view.role !== "arbiter";
  return (
    // What is decided by what was before, the chain refuses: it takes a moment to see what has come.
    <fieldset className="min-w-0" disabled={view.behind === true} aria-busy={view.behind === true}>
      {!escrow && <p className="mb-3 text-13 text-ink-soft">{t(view.concluded ? "escrowUnread" : "escrowLater")}</p>}
      {arbiterAway && view.state !== "finished" && <ArbiterAway name={arbiterAway} />}
      {escrow && view.role === payer && open.count > 1 && !isPending(view, "fund") && (
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
          const pending = pendingOn(view, index);
          // What the other side waits for comes first.
          const consents = consentsOn(view, index);
          const asked = consents.some(({ from }) => from !== me);
          const told = view.events.filter(
            ({ act, state }) => "index" in act && act.index === index && state === "true",
          );
          return (
            <li key={place} className="rounded-md border border-hairline px-4 py-3">
              <div className="flex items-start justify-between gap-2">
                <h3 className="min-w-0 text-15 font-medium [overflow-wrap:anywhere]">{title}</h3>
                {standing && <StandingChip state={standing.state} pending={pending} />}
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
              {consents.map((consent) => (
                <Consent key={consent.message} {...{ consent, view, words, onAct }} mayAgree={party && !pending} />
              ))}
              {view.untold
                .filter(({ act }) => "index" in act && act.index === index)
                .map((untold) => (
                  <Untold key={untold.message} {...{ untold, view, words }} />
                ))}
              {pending && <Pending pending={pending} />}
              {acts.length > 0 && (
                <div className="mt-3 flex flex-wrap gap-2">
                  {acts.map((act, rank) => (
                    <Button
                      key={act}
                      small
                      aria-label={`${t(`act.${act}`)}: ${title}`}
                      look={rank === 0 && open.count < 2 && !asked ? "primary" : "quiet"}
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
      {view.loose !== undefined && view.role === payer && !isPending(view, "fund") && (
        <div className="mt-4 rounded-md border border-hairline px-4 py-3 text-13">
          <p>{t("loose", { amount: words.amount(draft, view.loose) })}</p>
          {!isPending(view, "sweep") && (
            <Button small look="quiet" className="mt-2" onClick={() => onAct({ do: "sweep", index: 0, count: 1 })}>
              {t("act.sweep")}
            </Button>
          )}
        </div>
      )}
      {consentsOn(view).map((consent) => (
        <Consent
          key={consent.message}
          {...{ consent, view, words, onAct }}
          mayAgree={party && !isPending(view, "cancel")}
        />
      ))}
      {view.untold
        .filter(({ act }) => !("index" in act))
        .map((untold) => (
          <Untold key={untold.message} {...{ untold, view, words }} />
        ))}
      {view.pending
        .filter(({ act }) => act.do === "cancel" || act.do === "sweep")
        .map((pending) => (
          <Pending key={pending.message} pending={pending} />
        ))}
      {escrow && party && view.state === "in-force" && !isPending(view, "cancel") && (
        <Button look="danger-quiet" className="mt-4" onClick={() => onAct({ do: "cancel", index: 0, count: 1 })}>
          {t("act.cancel")}
        </Button>
      )}
    </fieldset>
  );
}

function StandingChip({ state, pending }: { state: EscrowMilestone["state"]; pending: PendingAct | undefined }) {
  const t = useTranslations("agreements");
  // Whoever reads that it is not paid in pays again.
  if (state === "unfunded" && pending?.act.do === "fund" && pending.at === "chain")
    return <Chip tone="wait">{t("mayCome")}</Chip>;
  return <Chip tone={tones[state]}>{t(`milestone.${state}`)}</Chip>;
}

/** Set going on this device: said where it was pressed, in the place of the button. */
function Pending({ pending: { act, at, doubt } }: { pending: PendingAct }) {
  const t = useTranslations("agreements");
  return (
    <p role="status" className="mt-3 flex items-start gap-1.5 text-13 text-wait">
      <Clock3 aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      {t(`pending.${doubt ? "doubt" : at}`, { act: t(`act.${act.do}`) })}
    </p>
  );
}

/** On chain, and heard by nobody: the others can be told in another way, and the arbiter shown what it says. */
function Untold({ untold, view, words }: Pick<MilestonesTabProps, "view" | "words"> & { untold: UntoldAct }) {
  const t = useTranslations("agreements");
  const errorText = useErrorText();
  const client = useClient();
  const me = useIdentity().publicId;
  const [step, setStep] = useState<"shown" | "sure" | "gone">("shown");
  const { busy, error, run } = useRun<"dismiss">();
  const { act, message } = untold;
  // Nothing else on this device has what it says.
  const dismiss = async () => {
    if (step === "shown") return setStep("sure");
    if (await run("dismiss", () => client.agreements.dismiss(message))) setStep("gone");
  };
  if (step === "gone") return null;
  return (
    <div role="note" className="mt-3 rounded-md bg-raised px-3 py-2.5 text-13 [overflow-wrap:anywhere]">
      {actWords(t, words, view, act, words.who(me))}
      {"text" in act && <span className="block whitespace-pre-wrap text-ink-soft">{act.text}</span>}
      <span className="mt-1 block text-wait">
        {t(step === "shown" ? "untold" : "text" in act ? "untoldSureText" : "untoldSure")}
      </span>
      <Button small look="quiet" className="mt-2" busy={busy !== undefined} onClick={() => void dismiss()}>
        {t(step === "sure" ? "untoldRemove" : "untoldDone")}
      </Button>
      {error && (
        <p role="alert" className="mt-1 text-bad">
          {errorText(error)}
        </p>
      )}
    </div>
  );
}

interface ConsentProps extends Pick<MilestonesTabProps, "view" | "words" | "onAct"> {
  consent: OpenConsent;
  mayAgree: boolean;
}

/** What one side agrees to, until when, and the one button by which it is agreed to with exactly the same value. */
function Consent({ consent: { act, from, until }, view, words, mayAgree, onAct }: ConsentProps) {
  const t = useTranslations("agreements");
  const mine = useIdentity().publicId === from;
  const { draft } = view.version;
  const facts = { ...words.sides(draft), name: words.who(from), until: words.moment(until / 1000) };
  const says =
    act.do === "extend"
      ? t(mine ? "consent.myExtend" : "consent.extend", { ...facts, when: words.moment(act.due) })
      : t(mine ? "consent.myCancel" : "consent.cancel", { ...facts, amount: words.amount(draft, act.toPayee) });
  return (
    <div className="mt-3 rounded-md bg-raised px-3 py-2.5 text-13">
      <p className="[overflow-wrap:anywhere]">{says}</p>
      {!mine && mayAgree && (
        <Button
          small
          look="primary"
          className="mt-2"
          onClick={() => onAct({ do: act.do, index: act.do === "extend" ? act.index : 0, count: 1, agree: act })}
        >
          {t("consent.agree")}
        </Button>
      )}
    </div>
  );
}
