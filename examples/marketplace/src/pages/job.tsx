import type { Client, Contact, DeliveryState } from "@skrumble/sdk";
import { applicationOf, applyToJob, closeJob, type Job, keepListing, readJob } from "@skrumble/sdk/jobs";
import { recall } from "../memory.ts";
import { Face } from "../parts/face.tsx";
import { PersonLine } from "../parts/person.tsx";
import { Failure, Progress, Show } from "../parts/show.tsx";
import { useSession } from "../session.ts";
import { go, placed, useAct, useDraft, useFormats, useLoad } from "../use.ts";
import { useWords } from "../words/index.ts";
import { budgetOf, stateOf } from "./board.tsx";

export function JobPage({ id }: { id: bigint }) {
  const { chain } = useSession();
  const { loaded, again } = useLoad(`job ${id}`, (signal) => readJob(chain, id, { signal }), 8_000);
  return (
    <main className="narrow">
      <Show of={loaded} again={again}>
        {(job) => <Sheet job={job} again={again} />}
      </Show>
    </main>
  );
}

function Sheet({ job, again }: { job: Job; again: () => void }) {
  const { words } = useWords();
  const { amount, day } = useFormats();
  const { me } = useSession();
  const { listing } = job;
  const state = stateOf(job);
  const mine = me !== undefined && me.id === job.poster?.id;
  return (
    <>
      <div className="row top">
        <h1>{listing?.title ?? `#${job.id}`}</h1>
        <span className={`chip ${state}`}>{words.job.state[state]}</span>
      </div>
      <div className="row">
        <PersonLine person={job.poster} />
        <span className="soft">{words.job.until(day(job.applyBy))}</span>
      </div>
      {listing ? (
        <>
          <section className="card">
            <p className="label">{words.job.budget}</p>
            <p className="big">{amount(budgetOf(job), listing.asset)}</p>
            <ol className="steps" aria-label={words.job.milestones}>
              {placed(listing.milestones).map(({ place, ...step }) => (
                <li key={place}>
                  <span>{step.title}</span>
                  <span className="soft">{words.job.days(step.days)}</span>
                  <span className="money">{amount(step.amount, listing.asset)}</span>
                </li>
              ))}
            </ol>
          </section>
          <section>
            <h2>{words.job.requirements}</h2>
            <p className="text">{listing.requirements}</p>
            <h2>{words.job.deliverables}</h2>
            <p className="text">{listing.deliverables}</p>
            <h2>{words.job.rights}</h2>
            <p className="text">{words.job[listing.rights]}</p>
          </section>
        </>
      ) : (
        <Missing job={job} again={again} />
      )}
      {mine ? <Own job={job} again={again} /> : state === "open" && <Apply job={job} />}
    </>
  );
}

/** Whoever has the text can hand it to relays again: its poster's browser does. */
function Missing({ job, again }: { job: Job; again: () => void }) {
  const { words } = useWords();
  const { chain } = useSession();
  const { busy, code, act } = useAct();
  const kept = recall(job.listingHash);
  const why = {
    JOB_INVALID: words.job.invalid,
    DOCUMENT_MISSING: words.job.missing,
    DOCUMENT_NOT_ALL_ASKED: words.job.notAllAsked,
  };
  return (
    <section className="card">
      <p>{why[job.problem ?? "DOCUMENT_MISSING"]}</p>
      {kept && (
        <button
          type="button"
          disabled={busy}
          onClick={() => void act(() => keepListing(chain, job.id, kept).then(again))}
        >
          {words.job.keepAgain}
        </button>
      )}
      <Failure code={code} />
    </section>
  );
}

/** The newest message by which somebody who was connected already has applied. */
async function applicationIn(
  client: Client,
  { conversationId }: Contact,
  jobId: bigint,
  outgoing: boolean,
): Promise<{ text: string; delivery: DeliveryState } | undefined> {
  if (!conversationId) return undefined;
  const messages = await client.conversations.open(conversationId).messages({ limit: 100 });
  return messages
    .flatMap(({ body, delivery, ...message }) =>
      message.outgoing === outgoing && body.type === "text" ? [{ text: body.text, delivery }] : [],
    )
    .findLast(({ text }) => applicationOf(text)?.jobId === jobId);
}

function Apply({ job }: { job: Job }) {
  const { words } = useWords();
  const { client, me } = useSession();
  const { text: note, type, arrived } = useDraft(`application ${job.id}`);
  const { busy, code, act } = useAct();
  const contactOf = async () => {
    const contact = (await client.contacts.list()).find(({ publicId }) => publicId === job.poster?.publicId);
    const said = contact && (await applicationIn(client, contact, job.id, true));
    // Where no relay took the message nobody has applied.
    const { delivery } = said ?? {};
    const isSent = contact?.state === "request-sent" || (delivery !== undefined && delivery !== "failed");
    return {
      contact,
      applied: isSent ? (delivery === "sending" ? ("sending" as const) : ("sent" as const)) : undefined,
    };
  };
  const { loaded, again } = useLoad(`applied ${job.id} ${me?.id}`, contactOf, 2_000);
  if (!me) {
    return (
      <a className="button" href="#/me">
        {words.job.joinFirst}
      </a>
    );
  }
  const { contact, applied } = loaded.state === "ready" ? loaded.value : { contact: undefined, applied: undefined };
  if (applied) return <p className="notice">{words.job[applied]}</p>;
  const apply = async () => {
    const { conversationId } = await applyToJob(client, job, note);
    arrived();
    again();
    if (conversationId) go(`/talk/${conversationId}`);
  };
  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault();
        void act(apply);
      }}
    >
      <label>
        {words.job.apply}
        <textarea rows={3} maxLength={250} value={note} onChange={(event) => type(event.target.value)} />
        <small>{words.job.applyHint}</small>
      </label>
      <div className="row">
        <button type="submit" className="primary" disabled={busy}>
          {words.job.apply}
        </button>
        {contact?.conversationId && <a href={`#/talk/${contact.conversationId}`}>{words.job.talk}</a>}
      </div>
      <Failure code={code} />
    </form>
  );
}

function Own({ job, again }: { job: Job; again: () => void }) {
  const { words } = useWords();
  const { chain, client, wallet } = useSession();
  const acting = useAct();
  // By a request, or by a message of somebody who was connected before.
  const list = async () => {
    const contacts = await client.contacts.list();
    const found = await Promise.all(
      contacts.map(async (contact) => {
        if (applicationOf(contact.note ?? "")?.jobId === job.id) return contact;
        const said = await applicationIn(client, contact, job.id, false);
        return said && { ...contact, note: said.text };
      }),
    );
    return found.filter((contact) => contact !== undefined);
  };
  const { loaded, again: renew } = useLoad(`applicants ${job.id}`, list, 2_000);
  const applicants = loaded.state === "ready" ? loaded.value : [];
  const close = () =>
    acting.act(async (signs) => {
      await closeJob(chain, job.id, signs(await wallet()));
      again();
    });
  return (
    <>
      <section aria-labelledby="applicants">
        <h2 id="applicants">{words.job.applicants}</h2>
        {applicants.length === 0 && <p className="soft">{words.job.noApplicants}</p>}
        <ul className="list">
          {applicants.map((contact) => (
            <li key={contact.publicId}>
              <Applicant contact={contact} onChange={renew} />
            </li>
          ))}
        </ul>
      </section>
      {job.state === "open" && (
        <div className="row">
          <a className="button" href={`#/edit/${job.id}`}>
            {words.job.edit}
          </a>
          <button type="button" disabled={acting.busy} onClick={() => void close()}>
            {words.job.close}
          </button>
        </div>
      )}
      <Progress of={acting} />
    </>
  );
}

/** Somebody who has applied by a request, here and in the list of talks. */
export function Applicant({ contact, onChange }: { contact: Contact; onChange: () => void }) {
  const { words } = useWords();
  const { client } = useSession();
  const { busy, code, act } = useAct();
  const { publicId, pseudonym, note = "", state, conversationId } = contact;
  const accept = async () => go(`/talk/${(await client.contacts.accept(publicId)).id}`);
  const decline = async () => {
    await client.contacts.decline(publicId);
    onChange();
  };
  return (
    <article className="card" aria-label={words.talks.request(pseudonym)}>
      <p className="person">
        <Face id={publicId} size={28} />
        <span className="who">{pseudonym}</span>
      </p>
      <p className="text">{applicationOf(note)?.note ?? note}</p>
      <div className="row">
        {state === "request-received" && (
          <>
            <button type="button" className="primary" disabled={busy} onClick={() => void act(accept)}>
              {words.job.accept}
            </button>
            <button type="button" disabled={busy} onClick={() => void act(decline)}>
              {words.job.decline}
            </button>
          </>
        )}
        {conversationId && (
          <a className="button" href={`#/talk/${conversationId}`}>
            {words.job.talk}
          </a>
        )}
      </div>
      <Failure code={code} />
    </article>
  );
}
