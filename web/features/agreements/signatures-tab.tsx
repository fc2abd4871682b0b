"use client";
import { Check, CircleAlert, Clock3 } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import type { AgreementView, Conversation, MessageId } from "../../lib/types.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { CardDetails } from "../money/card-details.tsx";
import { WalletWays } from "../wallet/wallet-ways.tsx";
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
  const [taking, setTaking] = useState<MessageId>();
  const { draft } = view.version;
  const numberOf = (id: MessageId) => view.versions.find((one) => one.id === id)?.number ?? 1;
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
      {!view.concluded && (
        <p className="mt-3 text-13 text-ink-soft">{t("signBy", { when: words.moment(draft.signBy) })}</p>
      )}
      {view.bound.map((id) => (
        <section key={id} className="mt-4 rounded-md bg-wait-soft px-4 py-3 text-13 text-wait">
          <p>{t("stillBound", { number: numberOf(id) })}</p>
          {taking === id ? (
            <div className="mt-3">
              <WalletWays
                action={t("takeBack")}
                onWallet={(wallet) => conversation.agreements.retract(view.id, id, wallet)}
                onDone={() => setTaking(undefined)}
              />
            </div>
          ) : (
            <Button small look="quiet" className="mt-2" onClick={() => setTaking(id)}>
              {t("takeBackAsk")}
            </Button>
          )}
        </section>
      ))}
      <div className="mt-3">
        <CardDetails
          facts={[
            ...draft.parties.map(({ publicId, wallet }) => ({ label: words.who(publicId), value: wallet, code: true })),
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
