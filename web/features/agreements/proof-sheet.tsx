"use client";
import type { ProofWarning } from "@skrumble/sdk/agreements";
import { FolderOpen } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { AgreementView, ProvenAgreement, PublicId } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { FileInput } from "../../ui/file-input.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { useRun } from "../groups/use-run.ts";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { ActForm, type Acting } from "./act-form.tsx";
import { MilestonesTab } from "./milestones-tab.tsx";
import { Paper } from "./paper.tsx";
import { ProofWarnings } from "./proof-warnings.tsx";
import { tones, useAgreementWords } from "./use-agreement-words.ts";

/** What the SDK reads of one, in bytes: UTF-8 takes up to four for a character. */
const maxFile = 480_000;

/** Milliseconds between two looks at what is under way. */
const again = 10_000;

type Tab = "text" | "milestones";

interface ProofSheetProps {
  onBack(): void;
  onClose(): void;
}

/**
 * An agreement out of the file that proves it: for whoever is in none of its conversations, or no longer. Everybody reads what was signed
 * and where its money stands; its arbiter decides here, its parties do what the escrow lets them do.
 */
export default function ProofSheet({ onBack, onClose }: ProofSheetProps) {
  const t = useTranslations("agreements");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const client = useClient();
  const [file, setFile] = useState("");
  const [proven, setProven] = useState<ProvenAgreement>();
  const [doing, setDoing] = useState<Acting>();
  const [tab, setTab] = useState<Tab>("text");
  const { busy, error, run } = useRun<"open">();
  const view = proven && viewOf(proven);
  const waits = proven !== undefined && proven.pending.length > 0;
  // What is under way ends by itself. A look that fails says nothing new; whatever else was opened meanwhile stays.
  useEffect(() => {
    if (!waits) return;
    let timer: ReturnType<typeof setTimeout>;
    let isOver = false;
    const look = async () => {
      const found = await client.agreements.open(file).catch(() => undefined);
      if (isOver) return;
      if (found) setProven((shown) => (shown?.id === found.id ? found : shown));
      timer = setTimeout(look, again);
    };
    timer = setTimeout(look, again);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [waits, client, file]);
  const nameOf = (person: PublicId) =>
    [...(proven?.draft.parties ?? []), proven?.draft.arbiter].find((one) => one?.publicId === person)?.pseudonym ?? "";
  const words = useAgreementWords(nameOf);
  const open = (text: string) =>
    run("open", async () => {
      const found = await client.agreements.open(text);
      if (text !== file) setTab(found.role && found.escrow ? "milestones" : "text");
      setProven(found);
      setFile(text);
    });
  const done = () => {
    setDoing(undefined);
    void open(file);
  };
  const content = () => {
    if (!view) return <Chosen busy={busy !== undefined} onFile={(text) => void open(text)} />;
    if (doing)
      return (
        <ActForm
          {...{ acting: doing, view, words }}
          warnings={proven.warnings.filter(isOfToken)}
          alone
          onAct={(act, by) => client.agreements.act(file, act, by)}
          onDone={done}
        />
      );
    return (
      <>
        <Proven view={view} warnings={proven.warnings} words={words} />
        <Tabs<Tab>
          label={t("agreement")}
          value={tab}
          onChange={setTab}
          tabs={[
            {
              value: "text" as const,
              label: t("tab.text"),
              content: <Paper text={view.text} language={proven.draft.language} />,
            },
            ...(view.escrow
              ? [
                  {
                    value: "milestones" as const,
                    label: t("tab.milestones"),
                    content: <MilestonesTab view={view} words={words} arbiterAway={undefined} onAct={setDoing} />,
                  },
                ]
              : []),
          ]}
        />
      </>
    );
  };
  const back = () => {
    if (doing) setDoing(undefined);
    else if (proven) setProven(undefined);
    else onBack();
  };
  return (
    <Sheet
      open
      onClose={onClose}
      kind="side"
      title={doing ? t(`act.${doing.do}`) : proven ? words.title(proven.draft) : t("proofs.open")}
      footer={
        <Button look="quiet" className="mr-auto" onClick={back}>
          {common("back")}
        </Button>
      }
    >
      {content()}
      <p role="alert" className="mt-3 text-13 text-bad">
        {error && errorText(error)}
      </p>
    </Sheet>
  );
}

function Chosen({ busy, onFile }: { busy: boolean; onFile(text: string): void }) {
  const t = useTranslations("agreements");
  const errorText = useErrorText();
  const input = useRef<HTMLInputElement>(null);
  const [failed, setFailed] = useState<ReturnType<typeof codeOf>>();
  const read = async (chosen: File) => {
    setFailed(undefined);
    if (chosen.size > maxFile) return setFailed("AGREEMENT_INVALID");
    await chosen.text().then(onFile, (error: unknown) => setFailed(codeOf(error)));
  };
  return (
    <>
      <Button look="primary" className="w-full" busy={busy} onClick={() => input.current?.click()}>
        <FolderOpen aria-hidden className="size-4" />
        {t("proofs.choose")}
      </Button>
      <FileInput
        ref={input}
        accept="application/json,.json"
        label={t("proofs.choose")}
        onFile={(chosen) => void read(chosen)}
      />
      <p role="status" className="mt-2 text-13 text-ink-soft">
        {failed ? errorText(failed) : t("proofHint")}
      </p>
    </>
  );
}

interface ProvenProps {
  view: AgreementView;
  warnings: ProvenAgreement["warnings"];
  words: ReturnType<typeof useAgreementWords>;
}

function Proven({ view, warnings, words }: ProvenProps) {
  const t = useTranslations("agreements");
  return (
    <div className="mb-3">
      <Chip tone={tones[view.state]}>{t(`state.${view.state}`)}</Chip>
      <p role="status" className="mt-1.5 text-13 text-ink-soft">
        {t("proofText", { chain: view.version.draft.chainId, when: words.moment((view.concluded?.at ?? 0) / 1000) })}
      </p>
      <p className="mt-1 text-13 text-ink-soft">{t(`proofs.${roleKind(view)}`)}</p>
      <ProofWarnings warnings={warnings} draft={view.version.draft} />
    </div>
  );
}

const roleKind = ({ role }: AgreementView) => (role === undefined ? "others" : role === "arbiter" ? "yours" : "party");

/** Before whoever opened it pays: the token may not be what its symbol says. An unlisted one is in the view. */
const isOfToken = ({ kind }: ProofWarning) => kind === "asset-differs" || kind === "people-not-checked";

/** As the parties see it in their conversation, without what they said there. */
function viewOf(proven: ProvenAgreement): AgreementView {
  const { id, at, draft, text, escrow, role, pending, untold, loose, warnings } = proven;
  const version = { id, number: 1, from: draft.parties[0]?.publicId as PublicId, at, draft, changes: [] };
  return {
    ...{ id, state: escrow?.finished ? "finished" : "in-force", versions: [version], version, text, pending, untold },
    signatures: draft.parties.map((party) => ({ party, state: "signed" })),
    ...{ bound: [], events: [], texts: { [id]: id }, told: {}, consents: [], lookAlikes: [], concluded: { id, at } },
    ...(escrow ? { escrow } : {}),
    ...(role === undefined ? {} : { role }),
    ...(loose === undefined ? {} : { loose }),
    ...(warnings.some(({ kind }) => kind === "unlisted-token") ? { unlisted: true } : {}),
  };
}
