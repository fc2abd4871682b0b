"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, type ReactNode, useState } from "react";
import type { WalletSigner } from "../../lib/types.ts";
import { Area } from "../../ui/field.tsx";
import { type LocalWallet, signerOf } from "./local-wallet.ts";

interface WordsFormProps {
  /** The wallet of these words; undefined when they are none. */
  open(words: string): Promise<LocalWallet | undefined>;
  onWallet(wallet: WalletSigner): unknown;
  /** The button. */
  children(blank: boolean): ReactNode;
}

/** Recovery words in place of a wallet that is at hand. */
export function WordsForm({ open, onWallet, children }: WordsFormProps) {
  const t = useTranslations("join.restore");
  const [typed, setTyped] = useState("");
  const [invalid, setInvalid] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wallet = await open(typed);
    if (!wallet) return setInvalid(true);
    await onWallet(await signerOf(wallet));
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Area
        label={t("label")}
        hint={t("hint")}
        error={invalid ? t("invalid") : undefined}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setInvalid(false);
        }}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
      />
      {children(!typed.trim())}
    </form>
  );
}
