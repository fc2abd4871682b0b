import { type Contact, type Hex, SkrumbleError } from "@skrumble/sdk";
import {
  agreementIdOf,
  type EscrowMilestone,
  type EscrowView,
  readEscrow,
  settleMilestone,
  termsOf,
  verifyAgreement,
  writeText,
} from "@skrumble/sdk/agreements";
import { readIdentity } from "@skrumble/sdk/chain";
import { concludeHire, type JobHire, type JobOffer, payIn, rateParty, readHire, signOffer } from "@skrumble/sdk/jobs";
import { useState } from "react";
import { actOn } from "../escrow.ts";
import { useSession } from "../session.ts";
import { isSkm } from "../skm.ts";
import { placed, useAct, useFormats, useLoad } from "../use.ts";
import { useWords } from "../words/index.ts";
import { Failure } from "./show.tsx";

/** How an offer stands on the chain now. */
interface Standing {
  /** The two parties are not the two who talk here. */
  foreign: boolean;
  hire: JobHire | undefined;
  escrow: EscrowView | undefined;
}

/** An agreement in the conversation: from the offer to the ratings. What it says of its state, the chain says. */
export function Deal({ offer, other, conversationId }: { offer: JobOffer; other: Contact; conversationId: string }) {
  const { words } = useWords();
  const { amount } = useFormats();
  const { chain, me } = useSession();
  const { draft } = offer;
  const id = agreementIdOf(termsOf(draft), chain.network);
  const { loaded, again } = useLoad(`deal ${id}`, () => stand(), 3_000);

  /** By number in the registry: a public ID is another one when keys were changed. */
  async function isForeign(): Promise<boolean> {
    const theirs = draft.parties.find(({ wallet }) => wallet !== me?.wallet);
    const mine = draft.parties.some(({ wallet }) => wallet === me?.wallet);
    if (!theirs || !mine || draft.parties.length !== 2) return true;
    if (theirs.publicId === other.publicId) return false;
    const ids = [theirs.publicId, other.publicId];
    const [one, two] = await Promise.all(ids.map((publicId) => readIdentity(chain, { publicId }, { quorum: true })));
    return one === undefined || one.id !== two?.id;
  }

  async function stand(): Promise<Standing> {
    const foreign = await isForeign();
    try {
      const { escrow } = await verifyAgreement(chain, draft);
      const count = draft.money?.milestones.length ?? 0;
      const [hire, view] = await Promise.all([
        readHire(chain, id),
        escrow && readEscrow(chain, escrow, count, { quorum: true }),
      ]);
      return { foreign, hire, escrow: view };
    } catch (error) {
      if (error instanceof SkrumbleError && error.code === "AGREEMENT_NOT_CONCLUDED") {
        return { foreign, hire: undefined, escrow: undefined };
      }
      throw error;
    }
  }

  const { money } = draft;
  if (!me || !money) return null;
  const standing = loaded.state === "ready" ? loaded.value : undefined;
  if (standing?.foreign) return <p className="failure">{words.deal.invalid}</p>;
  const role = draft.parties[0]?.wallet === me.wallet ? "client" : "freelancer";
  const over = draft.signBy * 1000 < Date.now();
  const total = money.milestones.reduce((sum, step) => sum + step.amount, 0n);
  const chip = standing?.escrow
    ? standing.escrow.finished
      ? "finished"
      : "running"
    : over
      ? "expired"
      : role === "client"
        ? "theirs"
        : "yours";
  const signs = standing !== undefined && !standing.escrow && role === "freelancer" && !over;
  return (
    <article className="card deal" aria-label={`${words.deal.kind}: ${draft.values.job}`}>
      <div className="row">
        <span className="label">{words.deal.kind}</span>
        <span className={`chip ${chip}`}>{words.deal[chip]}</span>
      </div>
      <h2>{draft.values.job}</h2>
      <p className="big">{amount(total, money.asset)}</p>
      <details open={signs}>
        <summary>{words.offer.read}</summary>
        <pre className="contract">{writeText(draft)}</pre>
      </details>
      {signs && (isSkm(chain, money.asset) ? <Sign offer={offer} onDone={again} /> : <p>{words.deal.otherToken}</p>)}
      {standing?.escrow && !standing.hire && <Record offer={offer} onDone={again} />}
      {standing?.escrow && (
        <Steps
          {...{ offer, role, id, conversationId, other, onDone: again }}
          escrow={standing.escrow}
          hire={standing.hire}
        />
      )}
    </article>
  );
}

function Sign({ offer, onDone }: { offer: JobOffer; onDone: () => void }) {
  const { words } = useWords();
  const { chain, wallet } = useSession();
  const { busy, code, act } = useAct();
  const sign = async () => {
    await concludeHire(chain, await signOffer(chain, offer, await wallet()));
    onDone();
  };
  return (
    <>
      <button type="button" className="primary" disabled={busy} onClick={() => void act(sign)}>
        {words.deal.sign}
      </button>
      {busy && <p role="status">{words.deal.signing}</p>}
      <Failure code={code} />
    </>
  );
}

/** The agreement is on chain, but the board does not know of it: a page was closed halfway. Without it nobody can rate. */
function Record({ offer, onDone }: { offer: JobOffer; onDone: () => void }) {
  const { words } = useWords();
  const { chain } = useSession();
  const { busy, code, act } = useAct();
  const record = async () => {
    await concludeHire(chain, offer);
    onDone();
  };
  return (
    <>
      <p className="notice">{words.deal.unrecorded}</p>
      <button type="button" className="primary" disabled={busy} onClick={() => void act(record)}>
        {words.deal.record}
      </button>
      <Failure code={code} />
    </>
  );
}

interface StepsProps {
  offer: JobOffer;
  role: "client" | "freelancer";
  id: Hex;
  escrow: EscrowView;
  hire: JobHire | undefined;
  other: Contact;
  conversationId: string;
  onDone: () => void;
}

function Steps({ offer, role, id, escrow, hire, other, conversationId, onDone }: StepsProps) {
  const { words } = useWords();
  const { amount, day } = useFormats();
  const { chain, client, wallet } = useSession();
  const { busy, code, act } = useAct();
  const { money } = offer.draft;
  if (!money) return null;

  /** One prompt of the wallet; what the escrow gets a hash of is said in the conversation. */
  const on = async (verb: "submit" | "accept" | "reject", index: number) => {
    const { title } = money.milestones[index] ?? { title: "" };
    const said =
      verb === "submit" ? words.deal.handed(title) : verb === "reject" ? words.deal.changes(title) : undefined;
    await actOn(chain, escrow, verb, { index, said }, await wallet());
    if (said) await client.conversations.open(conversationId).sendText(said);
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
      aria-label={`${label}: ${money.milestones[index]?.title}`}
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
          <li key={index} aria-label={money.milestones[index]?.title}>
            <span>
              {money.milestones[index]?.title}
              <small>{words.deal.due(day(step.due))}</small>
            </span>
            <span className={`chip ${step.state}`}>{words.deal.step[step.state]}</span>
            <span className="money">{amount(money.milestones[index]?.amount ?? 0n, money.asset)}</span>
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
        <Rate
          id={id}
          other={other.pseudonym}
          given={role === "client" ? hire.byClient : hire.byFreelancer}
          onDone={onDone}
        />
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
