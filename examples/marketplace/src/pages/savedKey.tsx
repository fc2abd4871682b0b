import { useState } from "react";
import { AppError } from "../errors.ts";
import { maxKeyFile } from "../keys.ts";
import { Failure } from "../parts/show.tsx";
import { joinWithKey, useSession } from "../session.ts";
import { useAct } from "../use.ts";
import { useWords } from "../words/index.ts";

/** For whoever has joined in another browser and saved the key of the wallet made there. */
export function SavedKey({ onBack }: { onBack: () => void }) {
  const { words } = useWords();
  const session = useSession();
  const { busy, code, act } = useAct();
  const reading = useAct();
  const [savedKey, setSavedKey] = useState("");
  const open = async (file: File | undefined) => {
    if (!file) return;
    setSavedKey("");
    if (file.size > maxKeyFile) throw new AppError("KEY_INVALID");
    setSavedKey((await file.text()).trim());
  };
  const send = async (securityCode: string) => {
    await joinWithKey(session, { savedKey, securityCode });
    setSavedKey("");
    await session.refresh();
  };
  return (
    <main className="narrow">
      <h1>{words.join.savedKey}</h1>
      <p className="lead">{words.join.savedKeyLead}</p>
      <form
        className="card"
        onSubmit={(event) => {
          event.preventDefault();
          const code = String(new FormData(event.currentTarget).get("code") ?? "");
          void act(() => send(code));
        }}
      >
        <label>
          {words.join.key}
          <input
            type="password"
            required
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={200}
            value={savedKey}
            onChange={(event) => setSavedKey(event.target.value)}
          />
          <small>{words.join.keyHint}</small>
        </label>
        <label className="button file">
          {words.join.keyFile}
          <input
            type="file"
            title=""
            accept=".txt,text/plain"
            onChange={({ target }) => {
              const file = target.files?.[0];
              // The same one can be chosen again.
              target.value = "";
              void reading.act(() => open(file));
            }}
          />
        </label>
        <label>
          {words.join.code}
          <input name="code" type="password" required minLength={8} autoComplete="off" />
          <small>{words.join.sameCode}</small>
        </label>
        <div className="row">
          <button type="submit" className="primary" disabled={busy}>
            {words.join.open}
          </button>
          <button type="button" disabled={busy} onClick={onBack}>
            {words.join.back}
          </button>
        </div>
        {busy && <p role="status">{words.join.busy}</p>}
        {/* Of a file that was no key, until there is another one. */}
        <Failure code={code ?? (savedKey === "" ? reading.code : undefined)} />
      </form>
    </main>
  );
}
