"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { ConversationId, ErrorCode } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { type PickItem, PickList } from "../../ui/pick-list.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useErrorText } from "../shell/use-error-text.ts";

/** A place to forward to; its face grows from the public ID of the person, or the id of the group. */
export type ForwardTarget = PickItem<ConversationId>;

/** So many at once is talking to several; more would be broadcasting. */
const mostTargets = 5;

export interface ForwardSheetProps {
  targets: readonly ForwardTarget[];
  onClose(): void;
  /** Rejects when something could not be handed over; the sheet then stays and says why. */
  onForward(to: ConversationId[]): Promise<void>;
}

export default function ForwardSheet({ targets, onClose, onForward }: ForwardSheetProps) {
  const t = useTranslations("forward");
  const errorText = useErrorText();
  const [chosen, setChosen] = useState<readonly ConversationId[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorCode>();
  const full = chosen.length >= mostTargets;

  const send = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onForward([...chosen]);
      onClose();
    } catch (reason) {
      setError(codeOf(reason));
      setBusy(false);
    }
  };

  return (
    <Sheet
      open
      onClose={onClose}
      title={t("title")}
      description={t("lead")}
      footer={
        <>
          {error && (
            <p role="alert" className="mr-auto self-center text-13 text-bad">
              {errorText(error)}
            </p>
          )}
          <Button look="primary" busy={busy} disabled={chosen.length === 0} onClick={() => void send()}>
            {t("send", { count: chosen.length })}
          </Button>
        </>
      }
    >
      <PickList
        label={t("title")}
        searchLabel={t("search")}
        noMatch={t("none")}
        items={targets}
        chosen={chosen}
        full={full}
        onChange={setChosen}
      />
      <p aria-live="polite" className="mt-1 min-h-5 text-12 text-ink-soft">
        {full && t("full", { count: mostTargets })}
      </p>
    </Sheet>
  );
}
