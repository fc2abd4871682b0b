import { useEffect, useState } from "react";
import { Failure } from "../parts/show.tsx";
import { join, useSession } from "../session.ts";
import { useAct } from "../use.ts";
import { type BrowserWallet, findWallets } from "../wallets.ts";
import { useWords } from "../words/index.ts";

/** For whoever is new; `onSavedKey` for whoever is not. */
export function Join({ onSavedKey }: { onSavedKey: () => void }) {
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
      <button type="button" className="quiet" disabled={busy} onClick={onSavedKey}>
        {words.join.savedKey}
      </button>
    </main>
  );
}
