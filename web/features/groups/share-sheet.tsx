"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "sonner";
import type { ConversationId, GroupMember } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Choices } from "../../ui/choices.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { useGroup } from "./use-group.ts";
import { useRun } from "./use-run.ts";

const day = 86_400_000;
const spans = { day, week: 7 * day, all: undefined } as const;
type Span = keyof typeof spans;

interface ShareSheetProps {
  id: ConversationId;
  person: GroupMember;
  onClose(): void;
}

/** Lets somebody read what was said before they came: how far back, and what that means for whom. */
export function ShareSheet({ id, person: { publicId, pseudonym: name }, onClose }: ShareSheetProps) {
  const t = useTranslations("groups.share");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const { shareHistory } = useGroup(id);
  const [span, setSpan] = useState<Span>("week");
  const { busy, error, run } = useRun<"share">();
  const share = async () => {
    const back = spans[span];
    const work = async () => {
      const options = back === undefined ? {} : { since: Date.now() - back };
      const { messages, complete } = await shareHistory(publicId, options);
      toast(t(complete ? "done" : "doneNewest", { count: messages, name }));
    };
    if (await run("share", work)) onClose();
  };
  return (
    <Sheet
      open
      onClose={onClose}
      title={t("title", { name })}
      description={t("lead", { name })}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {common("cancel")}
          </Button>
          <Button look="primary" busy={busy !== undefined} onClick={() => void share()}>
            {t("action")}
          </Button>
        </>
      }
    >
      <Choices
        label={t("back")}
        value={span}
        options={[
          { value: "day", label: t("day") },
          { value: "week", label: t("week") },
          { value: "all", label: t("all") },
        ]}
        onChoose={(value) => setSpan(value as Span)}
      />
      <p className="mt-3 text-13 text-ink-soft">{t("limit", { name })}</p>
      {error && (
        <p role="alert" className="mt-3 text-13 text-bad">
          {errorText(error)}
        </p>
      )}
    </Sheet>
  );
}
