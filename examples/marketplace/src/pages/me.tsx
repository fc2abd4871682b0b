import type { PublicId } from "@skrumble/sdk";
import { findHires, personById, readReputation } from "@skrumble/sdk/jobs";
import { useEffect, useState } from "react";
import { Face } from "../parts/face.tsx";
import { Empty, Failure, Show } from "../parts/show.tsx";
import { join, ownKey, useSession } from "../session.ts";
import { isSkm, skmDecimals } from "../skm.ts";
import { useAct, useFormats, useLoad } from "../use.ts";
import { type BrowserWallet, findWallets } from "../wallets.ts";
import { useWords } from "../words/index.ts";

export function MePage() {
  const { me } = useSession();
  return me ? <Own publicId={me.publicId} pseudonym={me.pseudonym} id={me.id} wallet={me.wallet} /> : <Join />;
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
    URL.revokeObjectURL(url);
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

/** From the chain alone: also when the messages with the agreements are lost. */
function Hires({ id }: { id: bigint }) {
  const { words } = useWords();
  const { amount } = useFormats();
  const { chain } = useSession();
  const { loaded, again } = useLoad(`hires ${id}`, (signal) => findHires(chain, id, { signal }));
  return (
    <section>
      <h2>{words.me.hires}</h2>
      <Show of={loaded} again={again}>
        {(hires) =>
          hires.length === 0 ? (
            <Empty text={words.me.noHires} />
          ) : (
            <ul className="list">
              {hires.map(({ agreement, hire, role, milestones, token }) => (
                <li key={agreement}>
                  <a className="card row" href={`#/hire/${agreement}`}>
                    <span>{words.me.hireOf(String(hire.jobId), role)}</span>
                    {isSkm(chain, { token, decimals: skmDecimals }) && (
                      <span className="money">
                        {amount(
                          milestones.reduce((sum, one) => sum + one.amount, 0n),
                          { token, decimals: skmDecimals },
                        )}
                      </span>
                    )}
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Show>
    </section>
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

function Join() {
  const { words } = useWords();
  const session = useSession();
  const { busy, code, act } = useAct();
  const [wallets, setWallets] = useState<BrowserWallet[]>([]);
  useEffect(
    () =>
      findWallets((found) =>
        setWallets((before) => (before.some(({ rdns }) => rdns === found.rdns) ? before : [...before, found])),
      ),
    [],
  );
  const send = async (form: FormData) => {
    const chosen = wallets.find(({ rdns }) => rdns === form.get("wallet"));
    const typed = { pseudonym: String(form.get("pseudonym")), securityCode: String(form.get("code")) };
    await join(session, { ...typed, browserWallet: chosen });
    await session.refresh();
  };
  return (
    <main className="narrow">
      <h1>{words.join.title}</h1>
      <p className="lead">{words.join.lead}</p>
      <form
        className="card"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          void act(() => send(form));
        }}
      >
        <label>
          {words.join.pseudonym}
          <input name="pseudonym" required autoComplete="off" autoCapitalize="none" maxLength={64} />
        </label>
        <label>
          {words.join.code}
          <input name="code" type="password" required minLength={8} autoComplete="off" />
          <small>{words.join.codeHint}</small>
        </label>
        {wallets.length > 0 && (
          <label>
            {words.join.wallet}
            <select name="wallet">
              <option value="">{words.join.here}</option>
              {wallets.map(({ rdns, name }) => (
                <option key={rdns} value={rdns}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <button type="submit" className="primary" disabled={busy}>
          {words.join.go}
        </button>
        {busy && <p role="status">{words.join.busy}</p>}
        <Failure code={code} />
      </form>
    </main>
  );
}
