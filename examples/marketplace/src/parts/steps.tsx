import type { Hex } from "@skrumble/sdk";
import { type EscrowMilestone, type EscrowView, settleMilestone } from "@skrumble/sdk/agreements";
import { type JobHire, payIn } from "@skrumble/sdk/jobs";
import { useEffect, useState } from "react";
import { accept, actWithWords, finishPending, reasonOf, type Say } from "../escrow.ts";
import { useSession } from "../session.ts";
import type { Signs } from "../stages.ts";
import { placed, useAct, useFormats, useLoad } from "../use.ts";
import { useWords } from "../words/index.ts";
import { Rate } from "./rate.tsx";
import { Reason } from "./reason.tsx";
import { Progress } from "./show.tsx";

interface StepsProps {
  /** Of the agreement, in their order. */
  milestones: readonly { title: string; amount: bigint }[];
  asset: { token: string; decimals: number };
  role: "client" | "freelancer";
  id: Hex;
  escrow: EscrowView;
  hire: JobHire | undefined;
  /** Whoever the other one is. */
  other: string;
  /** Says something in their conversation, where there is one. */
  say: Say | undefined;
  onDone: () => void;
}

/** What is to be done and paid, step by step, and the ratings when all is done. What it says of a step, the chain says. */
export function Steps({ milestones, asset, role, id, escrow, hire, other, say, onDone }: StepsProps) {
  const { words } = useWords();
  const { amount, day } = useFormats();
  const { chain, client, wallet } = useSession();
  const acting = useAct();
  /** The step that something is being done with, and the one that changes are asked for. */
  const [at, setAt] = useState<number>();
  const [asking, setAsking] = useState<number>();
  const shown = escrow.milestones.map(({ step }) => step).join(" ");
  const { loaded: earlier } = useLoad(
    `pending ${escrow.address} ${shown}`,
    (signal) => finishPending({ chain, client, say }, escrow, signal),
    5_000,
  );
  const pending = earlier.state === "ready" && acting.stage === "idle" ? earlier.value : undefined;

  const { clear } = acting;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a step that has moved on is no longer in doubt
  useEffect(clear, [clear, shown]);

  const run = (index: number, work: (signs: Signs) => Promise<void>) => {
    setAt(index);
    return acting.act(async (signs) => {
      await work(signs);
      onDone();
    });
  };
  const tell = (verb: "submit" | "reject", index: number, said: string, signs: Signs) =>
    actWithWords({ chain, client, say }, escrow, { verb, index, words: said }, async (kept) =>
      signs(await wallet(), kept),
    );
  const titleOf = (index: number) => milestones[index]?.title ?? "";
  const button = (label: string, index: number, work: (signs: Signs) => Promise<void>, primary = true) => (
    <button
      type="button"
      className={primary ? "primary" : ""}
      disabled={acting.busy}
      aria-label={`${label}: ${titleOf(index)}`}
      onClick={() => void run(index, work)}
    >
      {label}
    </button>
  );
  const review = (index: number) => (
    <>
      {button(words.deal.accept, index, async (signs) => accept(chain, escrow, index, signs(await wallet())))}
      <button
        type="button"
        aria-expanded={asking === index}
        aria-label={`${words.deal.reject}: ${titleOf(index)}`}
        onClick={() => setAsking(asking === index ? undefined : index)}
      >
        {words.deal.reject}
      </button>
      {asking === index && (
        <Reason
          of={reasonOf(escrow.address, index)}
          title={titleOf(index)}
          busy={acting.busy}
          onSend={(said, arrived) =>
            void run(index, async (signs) => {
              await tell("reject", index, said, signs);
              arrived();
              setAsking(undefined);
            })
          }
        />
      )}
    </>
  );
  const actions = ({ state, timeout }: EscrowMilestone, index: number) => {
    const late = timeout !== undefined && timeout.at * 1000 < Date.now() && timeout.outcome !== "wait";
    if (state === "settled") return null;
    if (late)
      return button(words.deal.settle, index, async () => void (await settleMilestone(chain, escrow.address, index)));
    if (role === "client") {
      if (state === "unfunded") {
        if (!hire) return null;
        // One thing to do next stands out.
        const next = escrow.milestones.slice(0, index).every((before) => before.state === "settled");
        const pay = async (signs: Signs) => payIn(chain, escrow.address, index, signs(await wallet()));
        return button(words.deal.fund, index, pay, next);
      }
      return state === "submitted" ? review(index) : null;
    }
    return state === "funded" || state === "rejected"
      ? button(words.deal.submit, index, (signs) => tell("submit", index, words.deal.handed(titleOf(index)), signs))
      : null;
  };
  return (
    <>
      <ol className="steps">
        {placed(escrow.milestones).map(({ place: index, ...step }) => {
          const under =
            at === index && (acting.stage === "sending" || acting.stage === "doubt") ? acting.stage : undefined;
          return (
            <li key={index} aria-label={titleOf(index)}>
              <span>
                {titleOf(index)}
                <small>{words.deal.due(day(step.due))}</small>
              </span>
              <span className={`chip ${step.state}`}>{words.deal.step[step.state]}</span>
              {under && <span className="chip wait">{words.deal[under]}</span>}
              <span className="money">{amount(milestones[index]?.amount ?? 0n, asset)}</span>
              <span className="acts">{actions(step, index)}</span>
            </li>
          );
        })}
      </ol>
      {role === "freelancer" && escrow.milestones[0]?.state === "unfunded" && (
        <p className="soft small">{words.deal.waitFund}</p>
      )}
      {[...(pending ?? [])].map(([index, what]) => (
        <p key={index} className="notice wait" role="status">
          {words.deal[what](titleOf(index))}
        </p>
      ))}
      <Progress of={acting} />
      {escrow.finished && hire && (
        <Rate id={id} other={other} given={role === "client" ? hire.byClient : hire.byFreelancer} onDone={onDone} />
      )}
    </>
  );
}
