"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { codeOf } from "../../lib/errors.ts";
import { usePreferences } from "../../lib/preferences.ts";
import type { ErrorCode } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Choices } from "../../ui/choices.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useSession } from "../session/model.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { CodeField } from "./code-field.tsx";
import { lockTimes, useTimeText } from "./times.ts";

/** When it locks, and switching it on and off, for which the code is needed. */
export default function LockSheet({ onClose }: { onClose(): void }) {
  const t = useTranslations("lock");
  const locks = useSession((state) => state.locks);
  const { lockMinutes, set } = usePreferences();
  const timeText = useTimeText();
  // Another program may have set a time of its own: it stays in the list.
  const times = [...new Set<number>([...lockTimes, lockMinutes])].sort((a, b) => a - b);
  return (
    <Sheet open onClose={onClose} title={t("row")} description={t("sheetLead")}>
      <Choices
        label={t("when")}
        value={String(lockMinutes)}
        options={times.map((minutes) => ({ value: String(minutes), label: timeText(minutes) }))}
        onChoose={(value) => set({ lockMinutes: Number(value) })}
      />
      <p className="mt-2 px-3 text-13 text-ink-faint">{t("whenHint")}</p>
      <div className="mt-5 border-t border-hairline pt-5">{locks ? <SwitchOff /> : <SwitchOn />}</div>
    </Sheet>
  );
}

function SwitchOn() {
  const t = useTranslations("lock");
  const errorText = useErrorText();
  const setLock = useSession((state) => state.setLock);
  const [code, setCode] = useState("");
  const [again, setAgain] = useState("");
  const [differ, setDiffer] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.normalize("NFKC") !== again.normalize("NFKC")) return setDiffer(true);
    // The page behind this sheet closes meanwhile: what comes of it is told there.
    setLock(code).then(
      () => toast(t("isOn")),
      (error: unknown) => toast(errorText(codeOf(error))),
    );
  };
  return (
    <form onSubmit={submit}>
      <CodeField
        label={t("code")}
        hint={t("codeHint")}
        value={code}
        onChange={(event) => setCode(event.target.value)}
        autoComplete="current-password"
      />
      <CodeField
        className="mt-2"
        label={t("again")}
        error={differ ? t("differ") : undefined}
        value={again}
        onChange={(event) => {
          setAgain(event.target.value);
          setDiffer(false);
        }}
        autoComplete="current-password"
      />
      <Button type="submit" look="primary" className="mt-2 w-full" disabled={!code || !again}>
        {t("switchOn")}
      </Button>
    </form>
  );
}

function SwitchOff() {
  const t = useTranslations("lock");
  const errorText = useErrorText();
  const removeLock = useSession((state) => state.removeLock);
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorCode>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await removeLock(code);
      toast(t("isOff"));
    } catch (failed) {
      const reason = codeOf(failed);
      // What is not about the code may come when the page behind this sheet is closed.
      if (reason === "LOCK_CODE_WRONG" || reason === "LOCK_PAUSED") setError(reason);
      else toast(errorText(reason));
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <CodeField
        label={t("code")}
        error={error && errorText(error)}
        value={code}
        onChange={(event) => {
          setCode(event.target.value);
          setError(undefined);
        }}
        autoComplete="current-password"
      />
      <Button type="submit" look="danger-quiet" className="mt-1 w-full" busy={busy} disabled={!code}>
        {t("switchOff")}
      </Button>
    </form>
  );
}
