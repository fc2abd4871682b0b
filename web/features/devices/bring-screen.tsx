"use client";
import { CircleCheck, FileUp, MonitorSmartphone, Server } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef } from "react";
import type { Client } from "../../lib/types.ts";
import { useAgo } from "../../lib/when.ts";
import { Button } from "../../ui/button.tsx";
import { FileInput } from "../../ui/file-input.tsx";
import { Option } from "../../ui/option.tsx";
import { Frame } from "../join/frame.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { type HistoryWork, useHistory } from "./history.ts";
import { TransferProgress } from "./transfer-progress.tsx";

interface BringScreenProps {
  client: Client;
  /** Where to go on: into the conversations, or to the code for another device. */
  onDone(next: "in" | "link"): void;
}

/** Somebody came back on a blank browser: where their conversations come from. */
export default function BringScreen({ client, onDone }: BringScreenProps) {
  const t = useTranslations("bring");
  const history = useTranslations("history");
  const { work, bring, restore, cancel, forget } = useHistory();
  useEffect(() => forget, [forget]);
  switch (work.state) {
    case "busy":
      return (
        <Frame title={history(work.kind === "bring" ? "bringing" : "restoring")} lead={t("workingLead")} open={0.8}>
          <TransferProgress label={history("restoring")} progress={work.progress} />
          <Actions>
            <Button onClick={cancel}>{history("cancel")}</Button>
          </Actions>
        </Frame>
      );
    case "brought":
    case "restored":
      return <Done work={work} onOpen={() => onDone("in")} />;
    case "failed":
    case "too-large":
      return <Failed work={work} client={client} onLater={() => onDone("in")} />;
    default:
      return (
        <Ways
          name={client.identity?.pseudonym ?? ""}
          onRelays={() => void bring(client)}
          onFile={(file) => void restore(client, file)}
          onDone={onDone}
        />
      );
  }
}

interface WaysProps extends Pick<BringScreenProps, "onDone"> {
  name: string;
  onRelays(): void;
  onFile(file: File): void;
}

function Ways({ name, onRelays, onFile, onDone }: WaysProps) {
  const t = useTranslations("bring");
  const input = useRef<HTMLInputElement>(null);
  return (
    <Frame title={t("title")} lead={t("lead", { name })} open={0.62}>
      <div className="flex flex-col gap-3">
        <Option
          icon={<Server aria-hidden className="size-5" />}
          title={t("relays")}
          hint={t("relaysHint")}
          onClick={onRelays}
        />
        <Option
          icon={<MonitorSmartphone aria-hidden className="size-5" />}
          title={t("device")}
          hint={t("deviceHint")}
          onClick={() => onDone("link")}
        />
        <Option
          icon={<FileUp aria-hidden className="size-5" />}
          title={t("file")}
          hint={t("fileHint")}
          onClick={() => input.current?.click()}
        />
        <FileInput ref={input} label={t("file")} onFile={onFile} />
      </div>
      <div className="mt-4 flex flex-wrap items-center gap-x-2">
        <Button look="plain" className="px-3!" onClick={() => onDone("in")}>
          {t("later")}
        </Button>
        <p className="text-13 text-ink-faint">{t("laterHint")}</p>
      </div>
    </Frame>
  );
}

function Done({ work, onOpen }: { work: Extract<HistoryWork, { state: "brought" | "restored" }>; onOpen(): void }) {
  const t = useTranslations("bring");
  const history = useTranslations("history");
  const devices = useTranslations("devices");
  const ago = useAgo();
  const lead =
    work.state === "brought" ? t("doneLead", { when: ago(work.made) }) : history("restored", { ...work.brought });
  return (
    <Frame title={t("doneTitle")} lead={lead} open={1}>
      <CircleCheck aria-hidden className="anim-grow size-10 text-good" strokeWidth={1.75} />
      <Actions>
        <Button look="primary" onClick={onOpen}>
          {devices("open")}
        </Button>
      </Actions>
    </Frame>
  );
}

interface FailedProps {
  work: Extract<HistoryWork, { state: "failed" | "too-large" }>;
  client: Client;
  onLater(): void;
}

function Failed({ work, client, onLater }: FailedProps) {
  const t = useTranslations("bring");
  const history = useTranslations("history");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const { bring, forget } = useHistory();
  const error = work.state === "failed" ? work.error : undefined;
  const atRelays = work.state === "failed" && work.kind === "bring";
  return (
    <Frame title={t("failedTitle")} open={0.3} onBack={forget}>
      <p role="alert">{error ? errorText(error) : history("tooLarge")}</p>
      {error === "BACKUP_NOT_FOUND" && (
        <p className="mt-2 text-ink-soft">{t("whose", { name: client.identity?.pseudonym ?? "" })}</p>
      )}
      <Actions>
        {atRelays && (
          <Button look="primary" onClick={() => void bring(client)}>
            {common("retry")}
          </Button>
        )}
        {error === "BACKUP_OUTDATED" && (
          <Button look="quiet" onClick={() => void bring(client, { older: true })}>
            {history("older")}
          </Button>
        )}
        <Button look={atRelays ? "quiet" : "primary"} onClick={forget}>
          {t("another")}
        </Button>
        <Button look="plain" onClick={onLater}>
          {t("later")}
        </Button>
      </Actions>
    </Frame>
  );
}

const Actions = ({ children }: { children: ReactNode }) => <div className="mt-6 flex flex-wrap gap-2">{children}</div>;
