"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { ErrorCode } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useSession } from "../session/model.ts";
import { useErrorText } from "../shell/use-error-text.ts";

/** The honest way out: nobody can open the lock, but this device can begin anew. */
export default function ForgottenSheet({ onClose }: { onClose(): void }) {
  const t = useTranslations("lock");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const erase = useSession((state) => state.eraseLocked);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorCode>();
  const begin = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await erase();
    } catch (failed) {
      setError(codeOf(failed));
      setBusy(false);
    }
  };
  return (
    <Sheet open onClose={onClose} title={t("forgotTitle")} description={t("forgotLead")}>
      <ul className="flex list-disc flex-col gap-2 pl-5 text-13 leading-relaxed text-ink-soft marker:text-ink-faint">
        <li>{t("forgotOther")}</li>
        <li>{t("forgotWallet")}</li>
        <li>{t("forgotHistory")}</li>
      </ul>
      {error && (
        <p role="alert" className="mt-3 text-13 text-bad">
          {errorText(error)}
        </p>
      )}
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{common("cancel")}</Button>
        <Button look="danger" busy={busy} onClick={() => void begin()}>
          {t("forgotAction")}
        </Button>
      </div>
    </Sheet>
  );
}
