"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { ErrorCode } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { useSession } from "./model.ts";

interface EraseSheetProps {
  title: string;
  lead: string;
  /** What is lost, what is not, and how one comes in again. */
  points: readonly string[];
  action: string;
  onClose(): void;
}

/** The honest way out when nothing opens what is kept here: this device begins anew. */
export function EraseSheet({ title, lead, points, action, onClose }: EraseSheetProps) {
  const common = useTranslations("common");
  const errorText = useErrorText();
  const erase = useSession((state) => state.beginAnew);
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
    <Sheet open onClose={onClose} title={title} description={lead}>
      <ul className="flex list-disc flex-col gap-2 pl-5 text-13 leading-relaxed text-ink-soft marker:text-ink-faint">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      {error && (
        <p role="alert" className="mt-3 text-13 text-bad">
          {errorText(error)}
        </p>
      )}
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{common("cancel")}</Button>
        <Button look="danger" busy={busy} onClick={() => void begin()}>
          {action}
        </Button>
      </div>
    </Sheet>
  );
}
