import type { Hex } from "@skrumble/sdk";
import { type EscrowMilestone, type EscrowView, settleMilestone } from "@skrumble/sdk/agreements";
import { type JobHire, payIn, rateParty } from "@skrumble/sdk/jobs";
import { useState } from "react";
import { actOn, sealed } from "../escrow.ts";
import { useSession } from "../session.ts";
import { placed, useAct, useFormats } from "../use.ts";
import { useWords } from "../words/index.ts";
import { Failure } from "./show.tsx";

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
  say: ((text: string) => Promise<void>) | undefined;
  onDone: () => void;
}

/** What is to be done and paid, step by step, and the ratings when all is done. */
export function Steps({ milestones, asset, role, id, escrow, hire, other, say, onDone }: StepsProps) {
  const { words } = useWords();
  const { amount, day } = useFormats();
  const { chain, wallet } = useSession();
  const { busy, code, act } = useAct();

  /** What the escrow gets a hash of is said in the conversation first, then comes the one prompt of the wallet. */
  const on = async (verb: "submit" | "accept" | "reject", index: number) => {
    const { title } = milestones[index] ?? { title: "" };
    const signer = await wallet();
    const { text, hash } = await sealed(verb === "reject" ? words.deal.changes(title) : words.deal.handed(title));
    if (verb !== "accept") await say?.(text);
    await actOn(chain, escrow, verb, { index, hash }, signer);
    onDone();
  };
  const pay = async (index: number) => {
    await payIn(chain, escrow.address, index, await wallet());
    onDone();
  };
  const settle = async (index: number) => {
    await settleMilestone(chain, escrow.address, index);
    onDone();
  };
  const button = (label: string, index: number, work: () => Promise<void>, primary = true) => (
    <button
      type="button"
      className={primary ? "primary" : ""}
      disabled={busy}
      aria-label={`${label}: ${milestones[index]?.title}`}
      onClick={() => void act(work)}
    >
      {label}
    </button>
  );
  const actions = ({ state, timeout }: EscrowMilestone, index: number) => {
    const late = timeout !== undefined && timeout.at * 1000 < Date.now() && timeout.outcome !== "wait";
    if (state === "settled") return null;
    if (late) return button(words.deal.settle, index, () => settle(index));
    if (role === "client") {
      if (state === "unfunded") {
        if (!hire) return null;
        // One thing to do next stands out.
        const next = escrow.milestones.slice(0, index).every((earlier) => earlier.state === "settled");
        return button(words.deal.fund, index, () => pay(index), next);
      }
      if (state !== "submitted") return null;
      return (
        <>
          {button(words.deal.accept, index, () => on("accept", index))}
          {button(words.deal.reject, index, () => on("reject", index), false)}
        </>
      );
    }
    return state === "funded" || state === "rejected"
      ? button(words.deal.submit, index, () => on("submit", index))
      : null;
  };
  return (
    <>
      <ol className="steps">
        {placed(escrow.milestones).map(({ place: index, ...step }) => (
          <li key={index} aria-label={milestones[index]?.title}>
            <span>
              {milestones[index]?.title}
              <small>{words.deal.due(day(step.due))}</small>
            </span>
            <span className={`chip ${step.state}`}>{words.deal.step[step.state]}</span>
            <span className="money">{amount(milestones[index]?.amount ?? 0n, asset)}</span>
            <span className="acts">{actions(step, index)}</span>
          </li>
        ))}
      </ol>
      {role === "freelancer" && escrow.milestones[0]?.state === "unfunded" && (
        <p className="soft small">{words.deal.waitFund}</p>
      )}
      {busy && <p role="status">{words.load.busy}</p>}
      <Failure code={code} />
      {escrow.finished && hire && (
        <Rate id={id} other={other} given={role === "client" ? hire.byClient : hire.byFreelancer} onDone={onDone} />
      )}
    </>
  );
}

function Rate({ id, other, given, onDone }: { id: Hex; other: string; given: number; onDone: () => void }) {
  const { words } = useWords();
  const { chain, wallet } = useSession();
  const { busy, code, act } = useAct();
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState("");
  if (given > 0) {
    return (
      <p className="notice">
        <span className="gold">{"★".repeat(given)}</span> {words.rate.done}
      </p>
    );
  }
  const send = async () => {
    await rateParty(chain, { agreement: id, score, comment }, await wallet());
    onDone();
  };
  return (
    <form
      className="rate"
      onSubmit={(event) => {
        event.preventDefault();
        void act(send);
      }}
    >
      <fieldset>
        <legend>{words.rate.title(other)}</legend>
        <div className="pick">
          {[1, 2, 3, 4, 5].map((n) => (
            <label key={n} className={n <= score ? "on" : ""}>
              <input
                type="radio"
                name={`score ${id}`}
                checked={score === n}
                aria-label={words.rate.stars(n)}
                onChange={() => setScore(n)}
              />
              <span aria-hidden="true">★</span>
            </label>
          ))}
        </div>
      </fieldset>
      <label>
        {words.rate.comment}
        <textarea rows={2} maxLength={1000} value={comment} onChange={(event) => setComment(event.target.value)} />
      </label>
      <button type="submit" className="primary" disabled={busy || score === 0}>
        {words.rate.send}
      </button>
      <Failure code={code} />
    </form>
  );
}
