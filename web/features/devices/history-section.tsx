"use client";
import { Download, FileUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { fileSize } from "../../lib/bytes.ts";
import { useLanguage } from "../../lib/language.ts";
import { Button } from "../../ui/button.tsx";
import { Section } from "../me/section.tsx";
import { useClient, useIdentity } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { useHistory } from "./history.ts";
import { TransferProgress } from "./transfer-progress.tsx";

/** Conversations in a file that opens for their owner alone, and back from it. */
export function HistorySection() {
  const t = useTranslations("history");
  const client = useClient();
  const { pseudonym } = useIdentity();
  const { work, save, restore, cancel } = useHistory();
  const input = useRef<HTMLInputElement>(null);
  const busy = work.state === "busy" ? work : undefined;
  const day = new Date().toISOString().slice(0, 10);
  return (
    <Section title={t("title")} hint={t("hint")}>
      {busy ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-4">
          <div className="min-w-48 flex-1">
            <TransferProgress label={busy.kind === "save" ? t("saving") : t("restoring")} progress={busy.progress} />
          </div>
          <Button small look="quiet" onClick={cancel}>
            {t("cancel")}
          </Button>
        </div>
      ) : (
        <div className="px-3 py-3">
          <div className="flex flex-wrap gap-2">
            <Button small look="quiet" onClick={() => void save(client, `skrumble-${pseudonym}-${day}.history`)}>
              <Download aria-hidden className="size-4" />
              {t("save")}
            </Button>
            <Button small look="plain" onClick={() => input.current?.click()}>
              <FileUp aria-hidden className="size-4" />
              {t("restore")}
            </Button>
            <input
              ref={input}
              type="file"
              aria-label={t("restore")}
              tabIndex={-1}
              className="sr-only"
              onChange={(event) => {
                const file = event.target.files?.[0];
                if (file) void restore(client, file);
                event.target.value = "";
              }}
            />
          </div>
          <Outcome />
        </div>
      )}
    </Section>
  );
}

function Outcome() {
  const t = useTranslations("history");
  const errorText = useErrorText();
  const { language } = useLanguage();
  const { work } = useHistory();
  if (work.state === "failed" || work.state === "too-large") {
    return (
      <p role="alert" className="anim-fade px-1 pt-2.5 text-13 text-bad">
        {work.state === "failed" ? errorText(work.error) : t("tooLarge")}
      </p>
    );
  }
  const words =
    work.state === "saved"
      ? t("saved", { size: fileSize(work.bytes, language) })
      : work.state === "restored"
        ? work.brought.messages + work.brought.conversations > 0
          ? t("restored", { messages: work.brought.messages, conversations: work.brought.conversations })
          : t("nothingNew")
        : undefined;
  return (
    <p role="status" className="px-1 text-13 text-good">
      {words && <span className="anim-fade block pt-2.5">{words}</span>}
    </p>
  );
}
