import { readEscrow } from "@skrumble/sdk/agreements";
import { personById, readJob, readOwnHire } from "@skrumble/sdk/jobs";
import { Empty, Show } from "../parts/show.tsx";
import { Steps } from "../parts/steps.tsx";
import { useSession } from "../session.ts";
import { isSkm, skmDecimals } from "../skm.ts";
import { useLoad } from "../use.ts";
import { useWords } from "../words/index.ts";

/** A hire from the chain and the job's listing: for whoever has lost the messages with the agreement. */
export function HirePage({ jobId }: { jobId: bigint }) {
  const { words } = useWords();
  const { chain, client, me } = useSession();
  const load = async (signal: AbortSignal) => {
    const found = me && (await readOwnHire(chain, jobId, me.id, { signal }));
    if (!found) return undefined;
    const { agreement, escrow, hire, milestones, role, token } = found;
    const [view, job, other] = await Promise.all([
      readEscrow(chain, escrow, milestones.length, { signal }),
      readJob(chain, jobId, { signal }),
      personById(chain, role === "client" ? hire.freelancer : hire.client, signal),
    ]);
    const contact = (await client.contacts.list()).find(({ publicId }) => publicId === other?.publicId);
    // The titles stand in the listing, if nothing else was agreed on.
    const listed = job.listing?.milestones ?? [];
    const isSame =
      listed.length === milestones.length && listed.every((one, at) => one.amount === milestones[at]?.amount);
    const titled = milestones.map(({ amount }, at) => ({
      ...{ amount, title: (isSame && listed[at]?.title) || words.post.step(at + 1) },
    }));
    return { ...{ agreement, role, token, hire, view, job, other, contact }, milestones: titled };
  };
  const { loaded, again } = useLoad(`hire ${jobId} ${me?.id}`, load, 5_000);
  return (
    <main className="narrow">
      <Show of={loaded} again={again}>
        {(found) => {
          if (!found) return <Empty text={words.me.noHireHere} />;
          const { agreement, role, token, hire, view, job, other, contact, milestones } = found;
          const conversationId = contact?.conversationId;
          return (
            <article className="card deal">
              <div className="row">
                <span className="label">{words.deal.kind}</span>
                <span className={`chip ${view.finished ? "finished" : "running"}`}>
                  {words.deal[view.finished ? "finished" : "running"]}
                </span>
              </div>
              <h1>{job.listing?.title ?? `#${job.id}`}</h1>
              <p className="soft">{words.me.fromChain}</p>
              {conversationId && <a href={`#/talk/${conversationId}`}>{words.job.talk}</a>}
              {isSkm(chain, { token, decimals: skmDecimals }) ? (
                <Steps
                  {...{ role, milestones, hire, id: agreement, escrow: view, onDone: again }}
                  asset={{ token, decimals: skmDecimals }}
                  other={other?.pseudonym ?? words.me.somebody}
                  say={
                    conversationId
                      ? async (text) => void (await client.conversations.open(conversationId).sendText(text))
                      : undefined
                  }
                />
              ) : (
                <p>{words.deal.otherToken}</p>
              )}
            </article>
          );
        }}
      </Show>
    </main>
  );
}
