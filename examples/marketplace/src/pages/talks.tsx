import { applicationOf, offerOf } from "@skrumble/sdk/jobs";
import { Face } from "../parts/face.tsx";
import { Empty, Show } from "../parts/show.tsx";
import { wordsIn } from "../sealed.ts";
import { useSession } from "../session.ts";
import { useLoad } from "../use.ts";
import { useWords } from "../words/index.ts";
import { Applicant } from "./job.tsx";

/** What stands in a list for a message, offers without their inside. */
export function previewOf(text: string, offer: string): string {
  try {
    return offerOf(text) ? offer : (applicationOf(text)?.note ?? wordsIn(text));
  } catch {
    return offer;
  }
}

export function TalksPage() {
  const { words } = useWords();
  const { client } = useSession();
  const load = async () => {
    const [contacts, conversations] = await Promise.all([client.contacts.list(), client.conversations.list()]);
    return { contacts, pairs: conversations.filter((one) => one.kind === "pair") };
  };
  const { loaded, again } = useLoad("talks", load, 2_000);
  return (
    <main className="narrow">
      <h1>{words.talks.title}</h1>
      <Show of={loaded} again={again}>
        {({ contacts, pairs }) => {
          const requests = contacts.filter(({ state }) => state === "request-received");
          const waiting = contacts.filter(({ state }) => state === "request-sent");
          if (requests.length + waiting.length + pairs.length === 0) return <Empty text={words.talks.empty} />;
          return (
            <>
              {requests.length > 0 && <h2>{words.talks.requests}</h2>}
              <ul className="list">
                {requests.map((contact) => (
                  <li key={contact.publicId}>
                    <Applicant contact={contact} onChange={again} />
                  </li>
                ))}
              </ul>
              <ul className="list">
                {pairs.map(({ id, contact, last, unread }) => (
                  <li key={id}>
                    <a className="card talk" href={`#/talk/${id}`}>
                      <Face id={contact.publicId} size={40} />
                      <span className="grow">
                        <span className="who">{contact.pseudonym}</span>
                        <span className="clip soft">
                          {last?.body.type === "text" ? previewOf(last.body.text, words.talk.offerOf) : ""}
                        </span>
                      </span>
                      {unread > 0 && <span className="count">{unread}</span>}
                    </a>
                  </li>
                ))}
                {waiting.map((contact) => (
                  <li key={contact.publicId} className="card talk">
                    <Face id={contact.publicId} size={40} />
                    <span className="grow">
                      <span className="who">{contact.pseudonym}</span>
                      <span className="soft">{words.talks.waiting}</span>
                    </span>
                  </li>
                ))}
              </ul>
            </>
          );
        }}
      </Show>
    </main>
  );
}
