import type { Contact } from "@skrumble/sdk";
import { type AgreementRules, type SilenceOutcome, writeText } from "@skrumble/sdk/agreements";
import {
  type Job,
  type JobOffer,
  listJobs,
  makeOffer,
  offerToText,
  personByPublicId,
  signOffer,
} from "@skrumble/sdk/jobs";
import { useState } from "react";
import { Contract } from "../parts/contract.tsx";
import { Failure, Show } from "../parts/show.tsx";
import { useSession } from "../session.ts";
import { isSkm } from "../skm.ts";
import { useAct, useLoad } from "../use.ts";
import { useWords } from "../words/index.ts";

const day = 86_400;
const cases = ["onNoSubmission", "onNoReview", "onRejection"] as const;
const outcomes = ["refund", "release", "split"] as const satisfies readonly SilenceOutcome[];
type Chosen = Record<(typeof cases)[number], (typeof outcomes)[number]>;

/** From a listing of mine to an agreement that I have signed, sent into the conversation. */
export function OfferForm(props: { contact: Contact; asked: bigint | undefined; onSent: () => void }) {
  const { chain, me } = useSession();
  const mine = async (signal: AbortSignal) => {
    const { jobs } = await listJobs(chain, { limit: 50 }, { signal });
    return jobs.filter(
      ({ poster, listing, state }) =>
        poster?.id === me?.id && listing && isSkm(chain, listing.asset) && state === "open",
    );
  };
  const { loaded, again } = useLoad("my jobs", mine);
  return (
    <Show of={loaded} again={again}>
      {(jobs) => <Form {...props} jobs={jobs} />}
    </Show>
  );
}

function Form(props: { contact: Contact; asked: bigint | undefined; onSent: () => void; jobs: readonly Job[] }) {
  const { contact, asked, onSent, jobs } = props;
  const { words } = useWords();
  const { chain, client, me, wallet } = useSession();
  const { busy, code, act } = useAct();
  const [jobId, setJobId] = useState(String(jobs.find(({ id }) => id === asked)?.id ?? jobs[0]?.id ?? ""));
  const [days, setDays] = useState(7);
  const [chosen, setChosen] = useState<Chosen>({
    ...{ onNoSubmission: "refund", onNoReview: "release", onRejection: "split" },
  });
  /** What was read, and nothing else, is signed: with every change it has to be read again. */
  const [read, setRead] = useState<JobOffer>();
  const job = jobs.find(({ id }) => String(id) === jobId);
  if (!job || !me) return <p className="notice">{words.offer.noJob}</p>;

  const draft = async () => {
    const freelancer = await personByPublicId(chain, contact.publicId);
    const split = Object.values(chosen).includes("split");
    const rules: AgreementRules = {
      ...chosen,
      ...{ fallbackShare: split ? 5_000 : 0, reviewTime: 5 * day, responseTime: 5 * day },
    };
    const signBy = Math.ceil((Date.now() / 1000 + days * day) / 60) * 60;
    return makeOffer(job, { client: me, freelancer, rules, signBy });
  };
  const send = async () => {
    if (!read) return;
    const signed = await signOffer(chain, read, await wallet());
    const conversation = client.conversations.open(contact.conversationId ?? "");
    await conversation.sendText(offerToText(signed, words.offer.line(job.listing?.title ?? "")));
    onSent();
  };
  return (
    <form
      className="card"
      aria-label={words.offer.title}
      onSubmit={(event) => {
        event.preventDefault();
        void act(send);
      }}
    >
      <h2>{words.offer.title}</h2>
      <label>
        {words.offer.which}
        <select
          value={jobId}
          onChange={(event) => {
            setJobId(event.target.value);
            setRead(undefined);
          }}
        >
          {jobs.map(({ id, listing }) => (
            <option key={String(id)} value={String(id)}>
              {listing?.title}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.offer.signBy}
        <select
          value={days}
          onChange={(event) => {
            setDays(Number(event.target.value));
            setRead(undefined);
          }}
        >
          {[3, 7, 14].map((n) => (
            <option key={n} value={n}>
              {words.job.days(n)}
            </option>
          ))}
        </select>
      </label>
      <fieldset>
        <legend>{words.offer.silence}</legend>
        {cases.map((name) => (
          <label key={name} className="line">
            <span>{words.offer[name]}</span>
            <select
              value={chosen[name]}
              onChange={(event) => {
                const outcome = outcomes.find((one) => one === event.target.value) ?? "refund";
                setChosen({ ...chosen, [name]: outcome });
                setRead(undefined);
              }}
            >
              {outcomes.map((outcome) => (
                <option key={outcome} value={outcome}>
                  {words.offer[outcome]}
                </option>
              ))}
            </select>
          </label>
        ))}
      </fieldset>
      {read && <Contract text={writeText(read.draft)} />}
      <div className="row">
        <button type="button" disabled={busy} onClick={() => void act(async () => setRead(await draft()))}>
          {words.offer.read}
        </button>
        <button type="submit" className="primary" disabled={busy || !read}>
          {words.offer.sign}
        </button>
      </div>
      <Failure code={code} />
    </form>
  );
}
