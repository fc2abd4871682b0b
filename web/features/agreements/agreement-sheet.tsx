"use client";
import { templateOf } from "@skrumble/sdk/agreements";
import { useTranslations } from "next-intl";
import { type ComponentProps, type ReactNode, useState } from "react";
import { onDemand } from "../../lib/on-demand.ts";
import type { AgreementView, Conversation, ConversationSummary, ErrorCode, MessageId } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { type Silence, useSilence } from "../conversation/can-write.ts";
import type { ConversationModel } from "../conversation/model.ts";
import type { NameOf } from "../message/types.ts";
import { useOthers } from "../money/people.ts";
import { useIdentity } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { ActForm, type Acting } from "./act-form.tsx";
import { ChangesTab } from "./changes-tab.tsx";
import { Export } from "./export.tsx";
import { LookAlikes } from "./look-alikes.tsx";
import { MilestonesTab } from "./milestones-tab.tsx";
import { Paper } from "./paper.tsx";
import { DeclineForm, SignForm } from "./sign-form.tsx";
import { SignaturesTab } from "./signatures-tab.tsx";
import { UnlistedToken } from "./unlisted-token.tsx";
import { useAgreement } from "./use-agreement.ts";
import { tones, useAgreementWords } from "./use-agreement-words.ts";

const WriteSheet = onDemand(() => import("./write-sheet.tsx"));

export type Tab = "text" | "changes" | "signatures" | "milestones";

interface AgreementSheetProps {
  id: MessageId;
  conversation: Conversation;
  model: ConversationModel;
  summary: ConversationSummary;
  nameOf: NameOf;
  start: Tab;
  onClose(): void;
}

/** Everything about one agreement: its text, who changed what, who signed, what was paid; and what one can do now. */
export default function AgreementSheet(props: AgreementSheetProps) {
  const { id, conversation, model, summary, nameOf, start, onClose } = props;
  const t = useTranslations("agreements");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const { view, failed } = useAgreement(conversation, id);
  const words = useAgreementWords(nameOf);
  const me = useIdentity().publicId;
  const others = useOthers(summary);
  // What is said here is heard by nobody; what is done with the escrow counts all the same.
  const silence = useSilence(summary);
  const [tab, setTab] = useState<Tab>(start);
  const [doing, setDoing] = useState<Acting | "sign" | "decline" | "change">();
  const done = () => setDoing(undefined);
  if (view && doing === "change") return <WriteSheet model={model} summary={summary} changing={view} onClose={done} />;
  const mine = view?.signatures.find(({ party }) => party.publicId === me);
  const open = view?.state === "proposed" || view?.state === "signing";
  const arbiter = view?.version.draft.arbiter;
  const isHere = arbiter && [me, ...others.map(({ publicId }) => publicId)].includes(arbiter.publicId);
  const arbiterAway = isHere ? undefined : arbiter?.pseudonym;
  const acting = typeof doing === "object" ? doing : undefined;
  const content = () => {
    if (!view && failed)
      return (
        <p role="status" className="py-6 text-center text-13 text-ink-soft">
          {failed === "MESSAGE_UNKNOWN" ? t("notOne") : errorText(failed)}
        </p>
      );
    if (!view) return <Skeleton className="h-64 rounded-md" />;
    const form = { view, conversation, model, onDone: done };
    const act: ComponentProps<typeof ActForm>["onAct"] = async (what, by) => {
      const told = await conversation.agreements.act(view.id, what, by);
      if (told) await model.follow(told);
    };
    if (doing === "sign") return <SignForm {...form} />;
    if (doing === "decline") return <DeclineForm {...form} />;
    if (acting)
      return (
        <ActForm {...{ acting, view, words, arbiterAway }} alone={silence !== undefined} onAct={act} onDone={done} />
      );
    const tabs: { value: Tab; label: string; content: ReactNode }[] = [
      {
        value: "text" as const,
        label: t("tab.text"),
        content: (
          <>
            <Paper text={view.text} language={view.version.draft.language} />
            <Export view={view} words={words} />
          </>
        ),
      },
      { value: "changes" as const, label: t("tab.changes"), content: <ChangesTab view={view} words={words} /> },
      {
        value: "signatures" as const,
        label: t("tab.signatures"),
        content: <SignaturesTab view={view} words={words} conversation={conversation} />,
      },
      ...(view.version.draft.money
        ? [
            {
              value: "milestones" as const,
              label: t(templateOf(view.version.draft).kind === "sale" ? "instalments" : "tab.milestones"),
              content: <MilestonesTab view={view} words={words} arbiterAway={arbiterAway} onAct={setDoing} />,
            },
          ]
        : []),
    ];
    return (
      <>
        <Standing view={view} says={words.says(view, silence)} />
        {silence && <Unheard view={view} silence={silence} canSign={mine !== undefined} />}
        <Tabs<Tab> label={t("agreement")} value={tab} tabs={tabs} onChange={setTab} />
      </>
    );
  };
  const footer = doing ? (
    <Button look="quiet" className="mr-auto" onClick={done}>
      {common("back")}
    </Button>
  ) : (
    open &&
    mine &&
    !silence && (
      <>
        <Button look="danger-quiet" className="mr-auto px-3!" onClick={() => setDoing("decline")}>
          {t("decline")}
        </Button>
        <Button look="quiet" className="px-4!" onClick={() => setDoing("change")}>
          {t("changeIt")}
        </Button>
        {mine.state === "missing" && (
          <Button
            look="primary"
            disabled={view?.problem !== undefined || view?.unsure || view?.behind}
            onClick={() => setDoing("sign")}
          >
            {t("signIt")}
          </Button>
        )}
      </>
    )
  );
  const title = view ? words.title(view.version.draft) : t("agreement");
  const named = acting
    ? t(`act.${acting.do}`)
    : doing === "sign"
      ? t("signIt")
      : doing === "decline"
        ? t("decline")
        : title;
  return (
    <Sheet open onClose={onClose} kind="side" title={named} footer={footer}>
      {content()}
    </Sheet>
  );
}

/** Why one cannot say anything here, and what follows from that for the agreement. */
function Unheard({ view, silence, canSign }: { view: AgreementView; silence: Silence; canSign: boolean }) {
  const t = useTranslations("agreements");
  const isOpen = canSign && (view.state === "proposed" || view.state === "signing");
  if (!isOpen && !(view.state === "in-force" && view.role)) return null;
  return (
    <p role="note" className="mb-3 rounded-md bg-wait-soft px-3 py-2 text-13 text-wait">
      {t(`silent.${silence}`)} {t(isOpen ? "silentOpen" : "silentInForce")}
    </p>
  );
}

function Standing({ view, says }: { view: AgreementView; says: string }) {
  const t = useTranslations("agreements");
  const errorText = useErrorText();
  const { state, declined, failed, lookAlikes, unlisted, unsure } = view;
  const problem = view.problem ?? failed;
  return (
    <div className="mb-3">
      <Chip tone={tones[state]}>{t(`state.${state}`)}</Chip>
      <p role="status" className="mt-1.5 text-13 text-ink-soft">
        {says}
      </p>
      {declined?.note && <p className="mt-1 text-13 [overflow-wrap:anywhere]">{declined.note}</p>}
      {unsure && <p className="mt-1 text-13 text-wait">{t("unsure")}</p>}
      <LookAlikes found={lookAlikes} />
      {unlisted && <UnlistedToken draft={view.version.draft} />}
      {problem && (
        <p role="alert" className="mt-2 rounded-md bg-bad-soft px-3 py-2 text-13 text-bad">
          {errorText(problem.code as ErrorCode)}
        </p>
      )}
    </div>
  );
}
