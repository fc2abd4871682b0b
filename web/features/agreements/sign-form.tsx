"use client";
import { maxDeclineNote } from "@skrumble/sdk/agreements";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "sonner";
import type { AgreementView, Conversation, WalletSigner } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import type { ConversationModel } from "../conversation/model.ts";
import { useRun } from "../groups/use-run.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { WalletWays } from "../wallet/wallet-ways.tsx";
import { LookAlikes } from "./look-alikes.tsx";
import { Paper } from "./paper.tsx";
import { UnlistedToken } from "./unlisted-token.tsx";

interface FormProps {
  view: AgreementView;
  conversation: Conversation;
  model: ConversationModel;
  onDone(): void;
}

/** What is signed, once more in full, what that means, and the one prompt. */
export function SignForm({ view, conversation, model, onDone }: FormProps) {
  const t = useTranslations("agreements");
  // What is signed is what stood here when it was opened.
  const [{ version, text }] = useState(view);
  const sign = async (wallet: WalletSigner) =>
    model.follow(await conversation.agreements.sign(view.id, { version: version.id, wallet }));
  return (
    <>
      <Paper text={text} language={version.draft.language} />
      <ul className="mt-4 mb-4 flex list-disc flex-col gap-1.5 pl-4.5 text-13 text-ink-soft marker:text-ink-faint">
        <li>{t("signMeans.text")}</li>
        <li>{t("signMeans.all")}</li>
        {version.draft.money && <li>{t("signMeans.money")}</li>}
      </ul>
      <LookAlikes found={view.lookAlikes} />
      {view.unlisted && <UnlistedToken draft={version.draft} />}
      <WalletWays action={t("sign")} onWallet={sign} onDone={onDone} />
    </>
  );
}

/** Ends it before it is in force. */
export function DeclineForm({ view, conversation, model, onDone }: FormProps) {
  const t = useTranslations("agreements");
  const errorText = useErrorText();
  const [note, setNote] = useState("");
  const { busy, error, run } = useRun<"decline">();
  const decline = async () => {
    const done = await run("decline", async () => {
      await model.follow(await conversation.agreements.decline(view.id, note.trim() || undefined));
    });
    if (!done) return;
    toast(t("declinedToast"));
    onDone();
  };
  return (
    <>
      <p className="mb-4 text-13 text-ink-soft">{t("declineMeans")}</p>
      <Field
        autoFocus
        label={t("declineWhy")}
        maxLength={maxDeclineNote}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <Button look="danger" className="mt-1 w-full" busy={busy !== undefined} onClick={() => void decline()}>
        {t("decline")}
      </Button>
      <p role="alert" className="mt-2 text-13 text-bad">
        {error && errorText(error)}
      </p>
    </>
  );
}
