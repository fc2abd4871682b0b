"use client";
import { CircleCheck } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect } from "react";
import { pageOfLink } from "../../lib/link-page.ts";
import { takeLink } from "../../lib/pending-link.ts";
import type { Client, LinkRequest } from "../../lib/types.ts";
import { useClock } from "../../lib/when.ts";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { ShareLink } from "../chats/share-link.tsx";
import { Frame } from "../join/frame.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { useAsking } from "./asking.ts";
import { Digits } from "./digits.tsx";
import { TransferProgress } from "./transfer-progress.tsx";

/** On the device that gets: a code for the device that has everything, then what comes from there. */
export function LinkPage({ client }: { client: Client }) {
  const t = useTranslations("devices");
  const errorText = useErrorText();
  const router = useRouter();
  const { asking, begin, stop } = useAsking();
  useEffect(() => void begin(client), [begin, client]);
  const joined = client.identity !== undefined;
  const back = async () => {
    await stop();
    router.push(joined ? "/me/" : "/");
  };
  /** Somebody's link may wait since before. */
  const goIn = () => {
    const link = takeLink();
    router.push(link ? pageOfLink(new URL(link).hash) : "/chats/");
  };
  const enter = (
    <Button look="primary" onClick={goIn}>
      {t("open")}
    </Button>
  );
  switch (asking.state) {
    case "coming":
      return (
        <Frame title={t("comingTitle")} lead={t("comingLead")} open={0.8}>
          <TransferProgress label={t("comingTitle")} progress={asking.progress} />
          <Actions>
            {enter}
            <Button look="danger-quiet" onClick={() => void back()}>
              {t("stop")}
            </Button>
          </Actions>
        </Frame>
      );
    case "done":
      return (
        <Frame title={t("doneTitle")} lead={t("doneLead")} open={1}>
          <CircleCheck aria-hidden className="anim-grow size-10 text-good" strokeWidth={1.75} />
          <Actions>{enter}</Actions>
        </Frame>
      );
    case "failed":
      return (
        <Frame title={t("failedTitle")} open={0.3} onBack={() => void back()}>
          <p role="alert">{errorText(asking.error)}</p>
          {joined && <p className="mt-2 text-ink-soft">{t("failedKept")}</p>}
          <Actions>
            <Button look="primary" onClick={() => void begin(client)}>
              {t("newCode")}
            </Button>
            {joined && (
              <Button look="quiet" onClick={goIn}>
                {t("open")}
              </Button>
            )}
          </Actions>
        </Frame>
      );
    default:
      return (
        <Frame
          title={joined ? t("bringTitle") : t("linkPageTitle")}
          lead={t("linkLead")}
          open={0.3}
          onBack={() => void back()}
        >
          {asking.state === "showing" ? <Code request={asking.request} /> : <Skeleton className="mx-auto size-52" />}
        </Frame>
      );
  }
}

function Actions({ children }: { children: ReactNode }) {
  return <div className="mt-6 flex flex-wrap gap-2">{children}</div>;
}

function Code({ request: { text, code, expiresAt } }: { request: LinkRequest }) {
  const t = useTranslations("devices");
  const clock = useClock();
  return (
    <div className="mx-auto max-w-80">
      <ShareLink link={text} title={t("linkPageTitle")} label={t("text")} qrLabel={t("qr")} />
      <div className="mt-6 rounded-md bg-surface px-4 py-4">
        <Digits code={code} label={t("digitsHere")} />
      </div>
      <p role="status" className="mt-4 text-center text-13 text-ink-faint">
        {t("waiting", { until: clock(expiresAt) })}
      </p>
    </div>
  );
}
