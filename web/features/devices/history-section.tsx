"use client";
import { Download, FileUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { fileSize } from "../../lib/bytes.ts";
import { useLanguage } from "../../lib/language.ts";
import { useAgo } from "../../lib/when.ts";
import { Button } from "../../ui/button.tsx";
import { FileInput } from "../../ui/file-input.tsx";
import { Section } from "../me/section.tsx";
import { useClient, useIdentity } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { type HistoryWork, useHistory } from "./history.ts";
import { RelayBackup } from "./relay-backup.tsx";
import { TransferProgress } from "./transfer-progress.tsx";

/** Conversations in a backup that opens for their owner alone, at relays or in a file, and back from it. */
export default function HistorySection() {
  const t = useTranslations("history");
  const busyText = useBusyText();
  const client = useClient();
  const { pseudonym } = useIdentity();
  const { work, save, restore, cancel } = useHistory();
  const input = useRef<HTMLInputElement>(null);
  const busy = work.state === "busy" ? work : undefined;
  const day = new Date().toISOString().slice(0, 10);
  return (
    <Section title={t("title")} hint={t("hint")}>
      <RelayBackup />
      {busy ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-4">
          <div className="min-w-48 flex-1">
            <TransferProgress label={busyText(busy.kind)} progress={busy.progress} />
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
            <FileInput ref={input} label={t("restore")} onFile={(file) => void restore(client, file)} />
          </div>
          <Outcome />
        </div>
      )}
    </Section>
  );
}

function useBusyText() {
  const t = useTranslations("history");
  const texts = { save: "saving", restore: "restoring", "back-up": "backingUp", bring: "bringing" } as const;
  return (kind: keyof typeof texts) => t(texts[kind]);
}

function useOutcome() {
  const t = useTranslations("history");
  const ago = useAgo();
  const { language } = useLanguage();
  return (work: HistoryWork): string | undefined => {
    switch (work.state) {
      case "saved":
        return t("saved", { size: fileSize(work.bytes, language) });
      case "restored": {
        const { messages, conversations } = work.brought;
        return messages + conversations > 0 ? t("restored", { messages, conversations }) : t("nothingNew");
      }
      case "backed-up":
        return t("backedUp");
      case "brought":
        return t("brought", { when: ago(work.made) });
      default:
        return undefined;
    }
  };
}

function Outcome() {
  const t = useTranslations("history");
  const errorText = useErrorText();
  const wordsOf = useOutcome();
  const client = useClient();
  const { work, bring } = useHistory();
  if (work.state === "failed" || work.state === "too-large") {
    return (
      <div role="alert" className="anim-fade flex flex-wrap items-center gap-x-2 px-1 pt-2.5 text-13 text-bad">
        <p>{work.state === "failed" ? errorText(work.error) : t("tooLarge")}</p>
        {work.state === "failed" && work.error === "BACKUP_OUTDATED" && (
          <Button small look="plain" onClick={() => void bring(client, { older: true })}>
            {t("older")}
          </Button>
        )}
      </div>
    );
  }
  const words = wordsOf(work);
  return (
    <p role="status" className="px-1 text-13 text-good">
      {words && <span className="anim-fade block pt-2.5">{words}</span>}
    </p>
  );
}
