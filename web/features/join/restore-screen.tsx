"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Area } from "../../ui/field.tsx";
import { restoreLocalWallet, signerOf } from "../wallet/local-wallet.ts";
import { Frame } from "./frame.tsx";
import { useJoin } from "./model.ts";

export function RestoreScreen() {
  const t = useTranslations("join.restore");
  const { go, chooseWallet } = useJoin();
  const [typed, setTyped] = useState("");
  const [invalid, setInvalid] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wallet = await restoreLocalWallet(typed);
    if (!wallet) return setInvalid(true);
    chooseWallet(await signerOf(wallet), "here");
    go("name");
  };

  return (
    <Frame step={1} title={t("title")} open={0.12} onBack={() => go("wallet")}>
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
        <Button type="submit" look="primary" className="mt-4 max-wide:w-full" disabled={!typed.trim()}>
          {t("action")}
        </Button>
      </form>
    </Frame>
  );
}
