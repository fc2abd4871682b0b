"use client";
import { Check, CircleAlert, EyeOff, LockKeyhole, Network, RefreshCw, ShieldCheck, Sprout, Stamp } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { Certificate, Contact, ConversationSummary, ErrorCode } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { titleOf } from "../conversation/names.ts";
import { RelayList } from "../me/relay-list.tsx";
import { useClient } from "../session/use-client.ts";
import { useConnection, useStandstill } from "../shell/connection.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { BlockPerson } from "./block-person.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { Renew } from "./renew.tsx";

interface TrustSheetProps {
  summary: ConversationSummary;
  onClose(): void;
}

/** Behind the lock, in plain words: who can read this, why one may believe it, and what it does not protect. */
export default function TrustSheet({ summary, onClose }: TrustSheetProps) {
  const t = useTranslations("trust");
  const relays = useConnection((state) => state.relays).filter((relay) => relay.carriesMyMailbox);
  const { certificate } = summary;
  const contact = summary.kind === "pair" ? summary.contact : undefined;
  const name = titleOf(summary);
  const who = summary.kind === "pair" ? t("both", { name }) : t("group", { count: summary.group.people.length });
  return (
    <Sheet open onClose={onClose} kind="side" title={t("title")} description={who}>
      {contact?.state === "connected" && contact.problem && (
        <div className="mb-6 rounded-md bg-bad-soft p-4">
          <ProblemNotice contact={contact} />
        </div>
      )}
      <Part icon={<Sprout />} title={t("setupTitle")}>
        {t(contact ? "setup" : "setupGroup")}
      </Part>
      {contact && (
        <Part icon={<ShieldCheck />} title={t("safetyTitle")}>
          {t("safety", { name })}
          <SafetyNumber contact={contact} />
        </Part>
      )}
      <Part icon={<Stamp />} title={t("certTitle")}>
        <CertificateWords certificate={certificate} />
      </Part>
      {contact?.state === "connected" && !contact.problem && (
        <Part icon={<RefreshCw />} title={t("renewTitle")}>
          {t("renewText", { name })}
          <div className="mt-3">
            <Renew contact={contact} look="outline" />
          </div>
        </Part>
      )}
      <Part icon={<Network />} title={t("relaysTitle")}>
        {relays.length > 0 ? <RelayList relays={relays} plain /> : t("relaysNone")}
      </Part>
      <Part icon={<EyeOff />} title={t("limitsTitle")}>
        <ul className="flex list-disc flex-col gap-1.5 pl-4">
          <li>{t("limit1")}</li>
          {contact && <li>{t("limit2")}</li>}
          <li>{contact ? t("limit3", { name }) : t("limit3Group")}</li>
        </ul>
      </Part>
      {contact?.state === "connected" && <BlockPerson contact={contact} onDone={onClose} />}
    </Sheet>
  );
}

function Part({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <section className="mb-6 flex gap-3.5">
      <span aria-hidden className="mt-0.5 text-accent [&>svg]:size-4.5">
        {icon}
      </span>
      <div className="min-w-0 flex-1">
        <h3 className="mb-1 font-semibold">{title}</h3>
        <div className="text-13 leading-relaxed text-ink-soft">{children}</div>
      </div>
    </section>
  );
}

function SafetyNumber({ contact }: { contact: Contact }) {
  const t = useTranslations("trust");
  const errorText = useErrorText();
  const client = useClient();
  const { publicId, verified, pseudonym } = contact;
  const [number, setNumber] = useState<string>();
  const [error, setError] = useState<ErrorCode>();
  useEffect(() => {
    client.contacts.safetyNumber(publicId).then(setNumber, (failed: unknown) => setError(codeOf(failed)));
  }, [client, publicId]);
  if (error) return <p className="mt-2 text-bad">{errorText(error)}</p>;
  if (!number) return <Skeleton className="mt-3 h-24 rounded-md" />;
  const groups = number.replace(/\s+/g, "").match(/.{1,5}/g) ?? [];
  return (
    <>
      <p
        role="img"
        aria-label={`${t("safetyTitle")}: ${groups.join(" ")}`}
        data-testid="safety-number"
        className="tabular mt-3 grid grid-cols-4 gap-x-3 gap-y-1.5 rounded-md bg-raised px-4 py-3.5 text-center text-17 font-medium tracking-wide text-ink"
      >
        {groups.map((group, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups may repeat and never move
          <span key={index}>{group}</span>
        ))}
      </p>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        {verified ? (
          <>
            <span className="anim-fade inline-flex items-center gap-1.5 font-medium text-good">
              <Check aria-hidden className="size-4" />
              {t("verifiedSince", { name: pseudonym })}
            </span>
            <Button small look="plain" onClick={() => void client.contacts.setVerified(publicId, false)}>
              {t("unverify")}
            </Button>
          </>
        ) : (
          <Button small look="primary" onClick={() => void client.contacts.setVerified(publicId, true)}>
            <LockKeyhole aria-hidden className="size-4" />
            {t("verify")}
          </Button>
        )}
      </div>
    </>
  );
}

function CertificateWords({ certificate }: { certificate: Certificate }) {
  const t = useTranslations("trust");
  const common = useTranslations("common");
  const line = useTranslations("line");
  const errorText = useErrorText();
  const isStanding = useStandstill();
  const format = useFormatter();
  const when = (at: number) => format.dateTime(at, { dateStyle: "medium", timeStyle: "medium" });
  if (certificate.state === "waiting")
    return (
      <p className="text-wait">
        {t("waiting", { when: when(certificate.since) })} {isStanding && line("waits")}
      </p>
    );
  if (certificate.state === "failed") {
    return (
      <p className="flex items-start gap-1.5 text-bad">
        <CircleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
        {t("failed", { reason: errorText(certificate.code as ErrorCode) })}
      </p>
    );
  }
  return (
    <>
      <p>{t("certified", { when: when(certificate.at) })}</p>
      <details className="mt-2">
        <summary className="inline-flex min-h-9 items-center font-medium text-accent-ink">{common("details")}</summary>
        <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-12">
          <dt>{t("block")}</dt>
          <dd className="tabular text-ink">{certificate.blockNumber.toString()}</dd>
          <dt>{t("seal")}</dt>
          <dd className="font-mono break-all text-ink">{certificate.root}</dd>
          {certificate.transaction && (
            <>
              <dt>{t("transaction")}</dt>
              <dd className="font-mono break-all text-ink">{certificate.transaction}</dd>
            </>
          )}
          <dt>{t("relay")}</dt>
          <dd className="break-all text-ink">{certificate.relay}</dd>
        </dl>
      </details>
    </>
  );
}
