import type { Contact, Message } from "@skrumble/sdk";
import { applicationOf, type JobOffer, offerOf } from "@skrumble/sdk/jobs";
import { useEffect, useRef, useState } from "react";
import { Deal } from "../parts/deal.tsx";
import { Face } from "../parts/face.tsx";
import { Failure, Show } from "../parts/show.tsx";
import { wordsIn } from "../sealed.ts";
import { useSession } from "../session.ts";
import { useAct, useDraft, useFormats, useLoad } from "../use.ts";
import { useWords } from "../words/index.ts";
import { OfferForm } from "./offer.tsx";

export function TalkPage({ id }: { id: string }) {
  const { words } = useWords();
  const { client } = useSession();
  const conversation = client.conversations.open(id);
  const load = async () => {
    const [summary, messages] = await Promise.all([conversation.summary(), conversation.messages({ limit: 100 })]);
    return { contact: summary.kind === "pair" ? summary.contact : undefined, messages };
  };
  const { loaded, again } = useLoad(`talk ${id}`, load, 5_000);
  const { text, type, arrived } = useDraft(`talk ${id}`);
  const [offering, setOffering] = useState(false);
  const { busy, code, act } = useAct();
  const end = useRef<HTMLDivElement>(null);
  const count = loaded.state === "ready" ? loaded.value.messages.length : 0;
  const newest = loaded.state === "ready" ? loaded.value.messages.at(-1) : undefined;

  useEffect(() => {
    const here = (message: Message) => message.conversationId === id && again();
    return client.on("message", here);
  }, [client, id, again]);
  useEffect(() => {
    if (count > 0) end.current?.scrollIntoView({ block: "end" });
  }, [count]);
  useEffect(() => {
    // Read or not is a courtesy; nothing depends on it.
    if (newest && !newest.outgoing)
      client.conversations
        .open(id)
        .markRead(newest.id)
        .catch(() => {});
  }, [client, id, newest]);

  const send = async () => {
    await conversation.sendText(text);
    arrived();
    again();
  };
  return (
    <main className="narrow talkpage">
      <Show of={loaded} again={again}>
        {({ contact, messages }) => (
          <>
            <header className="row top">
              <Face id={contact?.publicId} size={40} />
              <h1>{contact?.pseudonym}</h1>
              {contact && (
                <button type="button" className="end" onClick={() => setOffering(!offering)} aria-expanded={offering}>
                  {words.talk.offer}
                </button>
              )}
            </header>
            {offering && contact && (
              <OfferForm
                contact={contact}
                asked={jobIdIn(messages, contact.note)}
                onSent={() => {
                  setOffering(false);
                  again();
                }}
              />
            )}
            <p className="soft small">{words.talk.private}</p>
            <div className="log" role="log">
              {messages.length === 0 && <p className="soft">{words.talk.nothing}</p>}
              {messages.map((message) => (
                <Entry key={message.id} message={message} contact={contact} conversationId={id} />
              ))}
              <div ref={end} />
            </div>
          </>
        )}
      </Show>
      <form
        className="composer"
        onSubmit={(event) => {
          event.preventDefault();
          void act(send);
        }}
      >
        <input
          aria-label={words.talk.message}
          placeholder={words.talk.message}
          value={text}
          maxLength={4000}
          onChange={(event) => type(event.target.value)}
        />
        <button type="submit" className="primary" disabled={busy || text.trim() === ""}>
          {words.talk.send}
        </button>
      </form>
      <Failure code={code} />
    </main>
  );
}

/** The job that they talk about: of the newest application here, or of the request. */
function jobIdIn(messages: readonly Message[], note = ""): bigint | undefined {
  const texts = [note, ...messages.flatMap(({ body }) => (body.type === "text" ? [body.text] : []))];
  return texts.map((text) => applicationOf(text)?.jobId).findLast((id) => id !== undefined);
}

function Entry(props: { message: Message; contact: Contact | undefined; conversationId: string }) {
  const { message, contact, conversationId } = props;
  const { words } = useWords();
  const { time } = useFormats();
  const { body, outgoing, at } = message;
  if (body.type !== "text") return null;
  let offer: JobOffer | undefined;
  try {
    offer = offerOf(body.text);
  } catch {
    return <p className="failure">{words.deal.invalid}</p>;
  }
  if (offer) return contact && <Deal offer={offer} other={contact} conversationId={conversationId} />;
  const application = applicationOf(body.text);
  return (
    <p className={outgoing ? "bubble mine" : "bubble"}>
      {application ? (
        <>
          <a href={`#/job/${application.jobId}`}>#{String(application.jobId)}</a> {application.note}
        </>
      ) : (
        wordsIn(body.text)
      )}
      <time dateTime={new Date(at).toISOString()}>{time(at)}</time>
    </p>
  );
}
