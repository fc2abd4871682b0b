"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import { onDemand } from "../../lib/on-demand.ts";
import type { ErrorCode } from "../../lib/types.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Wordmark } from "../../ui/brand.tsx";
import { Button } from "../../ui/button.tsx";
import { Door } from "../../ui/door.tsx";
import { useSession } from "../session/model.ts";
import { QuickSettings } from "../shell/quick-settings.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { CodeField } from "./code-field.tsx";
import { type LockLabel, readLockLabel } from "./label.ts";
import { usePause } from "./use-pause.ts";

const ForgottenSheet = onDemand(() => import("./forgotten-sheet.tsx"));

/** A shut door and one field. Says nothing about who lives behind it, unless they want that. */
export default function LockScreen() {
  const t = useTranslations("lock");
  const errorText = useErrorText();
  const unlock = useSession((state) => state.unlock);
  const { seconds, look } = usePause();
  const [label, setLabel] = useState<LockLabel>();
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorCode>();
  const [forgotten, setForgotten] = useState(false);
  useEffect(() => setLabel(readLockLabel()), []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || seconds > 0 || !code) return;
    setBusy(true);
    setError(undefined);
    try {
      await unlock(code);
    } catch (failed) {
      // How long it pauses is known before the next try can be typed.
      await look().catch(() => undefined);
      const reason = codeOf(failed);
      if (reason === "LOCK_CODE_WRONG") setCode("");
      setError(reason);
    }
    setBusy(false);
  };

  return (
    <div className="anim-fade mx-auto flex min-h-dvh max-w-[1120px] flex-col px-5 wide:px-10">
      <header className="flex h-18 items-center justify-between">
        <Wordmark />
        <QuickSettings />
      </header>
      <main className="mx-auto flex w-full max-w-[22rem] flex-1 flex-col items-center justify-center pb-[14dvh] text-center">
        {label ? (
          <>
            <Avatar seed={label.publicId} size={88} />
            <h1 className="mt-4 max-w-full truncate text-20 font-semibold">{label.pseudonym}</h1>
          </>
        ) : (
          <>
            <Door open={0} className="w-32" />
            <h1 className="mt-3 text-20 font-semibold">{t("title")}</h1>
          </>
        )}
        <p className="mt-1.5 text-balance text-ink-soft">{t("lead")}</p>
        <form onSubmit={(event) => void submit(event)} className="mt-6 w-full">
          <CodeField
            className="text-left"
            label={t("code")}
            value={code}
            onChange={(event) => {
              setCode(event.target.value);
              setError(undefined);
            }}
            error={error && errorText(error)}
            autoComplete="current-password"
            autoFocus
          />
          <Button type="submit" look="primary" busy={busy} disabled={!code || seconds > 0} className="mt-2.5 w-full">
            {seconds > 0 ? <span className="tabular">{t("wait", { time: clock(seconds) })}</span> : t("unlock")}
          </Button>
        </form>
        <Button look="plain" className="mt-3" onClick={() => setForgotten(true)}>
          {t("forgot")}
        </Button>
      </main>
      {forgotten && <ForgottenSheet onClose={() => setForgotten(false)} />}
    </div>
  );
}

const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
