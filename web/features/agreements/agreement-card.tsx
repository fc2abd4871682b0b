"use client";
import { FileSignature } from "lucide-react";
import { useTranslations } from "next-intl";
import type { AgreementBody, AgreementView } from "../../lib/types.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { useSilence } from "../conversation/can-write.ts";
import { CardPlace, type CardProps } from "../conversation/card-place.tsx";
import { CardFrame } from "../money/card-frame.tsx";
import { Unlisted } from "../money/unlisted.tsx";
import { useClient, useIdentity } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { AgreementSheet, openAgreement } from "./open-agreement.tsx";
import { StepLine } from "./step-line.tsx";
import { sharedConversation, useAgreement } from "./use-agreement.ts";
import { tones, useAgreementWords } from "./use-agreement-words.ts";

/** A proposal or a change of one as a card that shows how it stands; every other step as a line. */
export default function AgreementCard({ body, ...place }: CardProps & { body: AgreementBody }) {
  const t = useTranslations("agreements");
  const { message, summary, nameOf } = place;
  const conversation = sharedConversation(useClient(), summary.id);
  const errorText = useErrorText();
  const { view, failed } = useAgreement(conversation, body.agreement);
  const words = useAgreementWords(nameOf);
  const silence = useSilence(summary);
  const me = useIdentity().publicId;
  const { step } = body;
  const open = () => openAgreement({ id: body.agreement, start: start() });
  const written = "draft" in step ? step : undefined;
  const draft = written?.draft;
  const named = view?.texts[message.id];
  const version = view?.versions.find(({ id }) => id === named);
  const isNewest = view !== undefined && view.version.id === named;
  const mine = view?.signatures.find(({ party }) => party.publicId === me);
  const isOpen = view?.state === "proposed" || view?.state === "signing";
  const myTurn = isNewest && isOpen && mine?.state === "missing" && !silence;
  const name = nameOf(message.from);
  // Nobody is left waiting for what will not come: no party wrote it, or nothing can be found.
  const counts = view ? view.told[message.id] !== "false" : failed !== "MESSAGE_UNKNOWN";
  const status = () => {
    if (!counts) return t(written && view ? `untrue.${written.did}` : "notOne");
    if (!view) return failed ? errorText(failed) : t("says.looking");
    if (isNewest) return words.says(view, silence);
    return t(version ? "says.replaced" : "says.looking");
  };
  const start = () => {
    if (view?.state === "declined" && view.bound.length > 0) return "signatures";
    return step.did === "changed" ? "changes" : step.did === "acted" ? "milestones" : "text";
  };
  return (
    <CardPlace {...place} label={draft ? t("label", { name, title: words.title(draft) }) : t("stepLabel", { name })}>
      {draft ? (
        <CardFrame
          icon={<FileSignature aria-hidden />}
          kind={words.title(draft)}
          chip={
            counts ? (
              view && version && <CardChip view={isNewest ? view : undefined} />
            ) : (
              <Chip tone="bad">{t("doesNotCount")}</Chip>
            )
          }
        >
          <p className="tabular mt-2 text-20 leading-tight font-semibold tracking-[-0.01em] [overflow-wrap:anywhere]">
            {draft.money ? words.total(draft) : (draft.values.subject ?? words.title(draft))}
          </p>
          {isNewest && view.unlisted && <Unlisted />}
          <ul className="mt-2 flex flex-col gap-1">
            {draft.parties.map((party) => (
              <li key={party.publicId} className="flex min-w-0 items-center gap-1.5 text-13">
                <Avatar seed={party.publicId} size={20} />
                <bdi className="truncate">{words.who(party.publicId)}</bdi>
                {draft.money && <span className="shrink-0 text-ink-soft">{words.role(draft, party.role)}</span>}
              </li>
            ))}
          </ul>
          {step.did === "changed" && version && (
            <p className="mt-2 text-13">
              {t("changedBy", { name: words.who(message.from), count: version.changes.length })}
            </p>
          )}
          <p role="status" className="mt-2 mb-1.5 text-13 text-ink-soft">
            {status()}
          </p>
          {view?.unsure && isNewest && <p className="mt-1 text-13 text-wait">{t("unsure")}</p>}
          {counts && (view || !failed) && (
            <Button
              look={myTurn ? "primary" : "quiet"}
              className="mt-3 mb-1.5 w-full"
              onPointerEnter={() => AgreementSheet.preload()}
              onClick={open}
            >
              {t(myTurn ? "readAndSign" : "openIt")}
            </Button>
          )}
        </CardFrame>
      ) : (
        <StepLine message={message} step={step} view={view} isNone={!view && !counts} words={words} onOpen={open} />
      )}
    </CardPlace>
  );
}

/** How the text of a card stands; without a view it is not the one that counts. */
function CardChip({ view }: { view: AgreementView | undefined }) {
  const t = useTranslations("agreements");
  if (!view) return <Chip>{t("replaced")}</Chip>;
  return <Chip tone={tones[view.state]}>{t(`state.${view.state}`)}</Chip>;
}
