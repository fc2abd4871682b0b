"use client";
import { writeText } from "@skrumble/sdk/agreements";
import { Check, CircleAlert, Clock3 } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import type { AgreementVersion, AgreementView, Conversation } from "../../lib/types.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { cx } from "../../ui/cx.ts";
import { CardDetails } from "../money/card-details.tsx";
import { WalletWays } from "../wallet/wallet-ways.tsx";
import { Paper } from "./paper.tsx";
import type { AgreementWords } from "./use-agreement-words.ts";

const looks = {
  signed: { tone: "good", Icon: Check },
  missing: { tone: "wait", Icon: Clock3 },
  retracted: { tone: "bad", Icon: CircleAlert },
} as const;

interface SignaturesTabProps {
  view: AgreementView;
  words: AgreementWords;
  conversation: Conversation;
}

/** Who has signed the version that counts, and what of one's own still holds under another. */
export function SignaturesTab({ view, words, conversation }: SignaturesTabProps) {
  const t = useTranslations("agreements");
  const format = useFormatter();
  const { draft } = view.version;
  const when = (at: number) => format.dateTime(at, { dateStyle: "medium", timeStyle: "short" });
  return (
    <>
      <ul className="flex flex-col gap-1">
        {view.signatures.map(({ party, state, at }) => {
          const { tone, Icon } = looks[state];
          return (
            <li key={party.publicId} className="flex items-center gap-3 py-2">
              <Avatar seed={party.publicId} size={36} />
              <span className="min-w-0 flex-1">
                <bdi className="block truncate font-medium">{words.who(party.publicId)}</bdi>
                <span className="block text-13 text-ink-soft">
                  {draft.money ? words.role(draft, party.role) : null}
                  {draft.money && at !== undefined ? " · " : null}
                  {at === undefined ? null : when(at)}
                </span>
              </span>
              <Chip tone={tone} icon={<Icon aria-hidden />}>
                {t(`signature.${state}`)}
              </Chip>
            </li>
          );
        })}
        {draft.arbiter && (
          <li className="flex items-center gap-3 py-2">
            <Avatar seed={draft.arbiter.publicId} size={36} />
            <span className="min-w-0 flex-1">
              <bdi className="block truncate font-medium">{words.who(draft.arbiter.publicId)}</bdi>
              <span className="block text-13 text-ink-soft">{t("arbiterNeedNot")}</span>
            </span>
          </li>
        )}
      </ul>
      {!view.concluded && view.state !== "declined" && (
        <p className="mt-3 text-13 text-ink-soft">{t("signBy", { when: words.moment(draft.signBy) })}</p>
      )}
      {view.versions
        .filter(({ id }) => view.bound.includes(id))
        .map((version) => (
          <Bound key={version.id} version={version} view={view} words={words} conversation={conversation} />
        ))}
      <div className="mt-3">
        <CardDetails
          facts={[
            ...draft.parties.map(({ publicId, wallet }) => ({ label: words.who(publicId), value: wallet, code: true })),
            ...(draft.money ? [{ label: t("token"), value: draft.money.asset.token, code: true }] : []),
            ...(view.concluded
              ? [
                  { label: t("recordedAt"), value: when(view.concluded.at) },
                  { label: t("number"), value: view.concluded.id, code: true },
                  ...(view.concluded.escrow ? [{ label: t("escrow"), value: view.concluded.escrow, code: true }] : []),
                ]
              : []),
          ]}
        />
      </div>
    </>
  );
}

interface BoundProps extends SignaturesTabProps {
  version: AgreementVersion;
}

/** A signature of one's own that holds: under which text, until when, and the way to take it back. */
function Bound({ version, view, words, conversation }: BoundProps) {
  const t = useTranslations("agreements");
  const [shown, setShown] = useState<"text" | "taking">();
  const { id, number, draft } = version;
  // Under the text that is still being signed that is what was wanted.
  const wanted = id === view.version.id && view.state !== "declined";
  const when = words.moment(draft.signBy);
  return (
    <section
      className={cx("mt-4 rounded-md px-4 py-3 text-13", wanted ? "border border-hairline" : "bg-wait-soft text-wait")}
    >
      <p>{wanted ? t("bound", { when }) : t("stillBound", { number, when })}</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button
          small
          look="quiet"
          aria-expanded={shown === "text"}
          onClick={() => setShown(shown === "text" ? undefined : "text")}
        >
          {t("readBound")}
        </Button>
        {shown !== "taking" && (
          <Button small look="quiet" onClick={() => setShown("taking")}>
            {t("takeBackAsk")}
          </Button>
        )}
      </div>
      {shown === "text" && (
        <div className="mt-3 text-ink">
          <Paper text={writeText(draft)} language={draft.language} />
        </div>
      )}
      {shown === "taking" && (
        <div className="mt-3">
          <WalletWays
            action={t("takeBack")}
            onWallet={(wallet) => conversation.agreements.retract(view.id, id, wallet)}
            onDone={() => setShown(undefined)}
          />
        </div>
      )}
    </section>
  );
}
