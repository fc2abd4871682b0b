import type { PublicId } from "@skrumble/sdk";
import { type FoundHire, findHires, personById, readReputation } from "@skrumble/sdk/jobs";
import { useState } from "react";
import { ownKey } from "../keys.ts";
import { Face } from "../parts/face.tsx";
import { Empty, Failure, Progress, Show } from "../parts/show.tsx";
import { useSession } from "../session.ts";
import { isSkm, skmDecimals } from "../skm.ts";
import { useAct, useFormats, useLoad } from "../use.ts";
import { useWords } from "../words/index.ts";
import { Join } from "./join.tsx";
import { SavedKey } from "./savedKey.tsx";

export function MePage() {
  const { me } = useSession();
  const [saved, setSaved] = useState(false);
  if (!me && saved) return <SavedKey onBack={() => setSaved(false)} />;
  return me ? (
    <Own publicId={me.publicId} pseudonym={me.pseudonym} id={me.id} wallet={me.wallet} />
  ) : (
    <Join onSavedKey={() => setSaved(true)} />
  );
}

function Own({
  publicId,
  pseudonym,
  id,
  wallet,
}: {
  publicId: PublicId;
  pseudonym: string;
  id: bigint;
  wallet: string;
}) {
  const { words } = useWords();
  const { amount } = useFormats();
  const { chain, client } = useSession();
  const { loaded } = useLoad("holdings", () => client.money.holdings(), 5_000);
  const skm = loaded.state === "ready" ? loaded.value.find(({ asset }) => isSkm(chain, asset)) : undefined;
  return (
    <main className="narrow">
      <div className="row top">
        <Face id={publicId} size={48} />
        <h1>{pseudonym}</h1>
      </div>
      <section className="card">
        <p className="label">{words.me.balance}</p>
        <p className="big">{skm ? amount(skm.balance, skm.asset) : "…"}</p>
        <p className="label">{words.me.wallet}</p>
        <p className="mono" data-testid="wallet">
          {wallet}
        </p>
        <SaveKey />
      </section>
      <Hires id={id} />
      <Ratings id={id} />
    </main>
  );
}

/** A wallet made here is in this browser and nowhere else. */
function SaveKey() {
  const { words } = useWords();
  const { client } = useSession();
  const { loaded } = useLoad("key", () => ownKey(client));
  const { busy, code, act } = useAct();
  if (loaded.state !== "ready" || loaded.value === undefined) return null;
  const key = loaded.value;
  const save = async () => {
    const url = URL.createObjectURL(new Blob([key], { type: "text/plain" }));
    Object.assign(document.createElement("a"), { href: url, download: "wallet-key.txt" }).click();
    // Not at once: some browsers read it only after this.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return (
    <>
      <p className="soft small">{words.me.keyHint}</p>
      <button type="button" disabled={busy} onClick={() => void act(save)}>
        {words.me.saveKey}
      </button>
      <Failure code={code} />
    </>
  );
}

type Page = Awaited<ReturnType<typeof findHires>>;

/** From the chain alone: also when the messages with the agreements are lost. */
function Hires({ id }: { id: bigint }) {
  const { words } = useWords();
  const { chain } = useSession();
  const [earlier, setEarlier] = useState<Page>();
  const acting = useAct();
  const { loaded, again } = useLoad(`hires ${id}`, (signal) => findHires(chain, id, {}, { signal }));
  return (
    <section>
      <h2>{words.me.hires}</h2>
      <Show of={loaded} again={again}>
        {(newest) => {
          const hires = [...newest.hires, ...(earlier?.hires ?? [])];
          const { older } = earlier ?? newest;
          const more = async () => {
            const next = await findHires(chain, id, { before: older });
            setEarlier({ hires: [...(earlier?.hires ?? []), ...next.hires], older: next.older });
          };
          return (
            <>
              {hires.length === 0 && <Empty text={older ? words.me.noHiresYet : words.me.noHires} />}
              <ul className="list">
                {hires.map((found) => (
                  <li key={found.agreement}>
                    <HireLine found={found} />
                  </li>
                ))}
              </ul>
              {older && (
                <button type="button" className="quiet" disabled={acting.busy} onClick={() => void acting.act(more)}>
                  {words.me.older}
                </button>
              )}
              <Progress of={acting} />
            </>
          );
        }}
      </Show>
    </section>
  );
}

function HireLine({ found: { hire, role, milestones, token } }: { found: FoundHire }) {
  const { words } = useWords();
  const { amount } = useFormats();
  const { chain } = useSession();
  const asset = { token, decimals: skmDecimals };
  const total = milestones.reduce((sum, one) => sum + one.amount, 0n);
  return (
    <a className="card row" href={`#/hire/${hire.jobId}`}>
      <span>{words.me.hireOf(String(hire.jobId), role)}</span>
      {isSkm(chain, asset) && <span className="money">{amount(total, asset)}</span>}
    </a>
  );
}

export function PersonPage({ id }: { id: bigint }) {
  const { chain } = useSession();
  const { loaded, again } = useLoad(`person ${id}`, (signal) => personById(chain, id, signal));
  return (
    <main className="narrow">
      <Show of={loaded} again={again}>
        {(person) => (
          <>
            <div className="row top">
              <Face id={person?.publicId} size={48} />
              <h1>{person?.pseudonym ?? `#${id}`}</h1>
            </div>
            <Ratings id={id} />
          </>
        )}
      </Show>
    </main>
  );
}

function Ratings({ id }: { id: bigint }) {
  const { words } = useWords();
  const { day, stars } = useFormats();
  const { chain } = useSession();
  const { loaded, again } = useLoad(`ratings ${id}`, (signal) => readReputation(chain, id, { signal }));
  return (
    <section>
      <h2>{words.me.ratings}</h2>
      <Show of={loaded} again={again}>
        {({ count, average, ratings }) =>
          average === undefined ? (
            <Empty text={words.me.none} />
          ) : (
            <>
              <p>
                <span className="big gold">★ {stars(average)}</span>{" "}
                <span className="soft">{words.me.ratingsOf(count)}</span>
              </p>
              <ul className="list">
                {ratings.map((rating) => (
                  <li className="card" key={`${rating.agreement} ${rating.at}`}>
                    <div className="row">
                      <span className="gold" role="img" aria-label={words.rate.stars(rating.score)}>
                        {"★".repeat(rating.score)}
                      </span>
                      <span className="soft">
                        {words.me.from(rating.rater?.pseudonym ?? words.me.somebody)} · {day(rating.at)}
                      </span>
                    </div>
                    {rating.comment && <p className="text">{rating.comment}</p>}
                    {rating.problem && <p className="soft small">{words.me.comment[rating.problem]}</p>}
                  </li>
                ))}
              </ul>
              <p className="soft small">{words.me.unsure}</p>
            </>
          )
        }
      </Show>
    </section>
  );
}
