"use client";
import { CircleCheck, LoaderCircle, Unlink } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useState } from "react";
import { ownedBy } from "../../lib/owned.ts";
import type { Client, OwnedIdentity } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { Frame } from "./frame.tsx";
import { type NameState, useJoin } from "./model.ts";

export function NameScreen({ client }: { client: Client }) {
  const t = useTranslations("join.name");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const { name, nameState, typeName, error, go } = useJoin();
  const ready = nameState.kind === "available" || nameState.kind === "yours";
  const says = useNameWords(nameState);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) go("code");
  };
  return (
    <Frame step={2} title={t("title")} lead={t("lead")} open={0.4} onBack={() => go("wallet")}>
      <form onSubmit={submit}>
        <Field
          label={t("label")}
          value={name}
          onChange={(event) => typeName(client, event.target.value)}
          error={says.error ?? (error && errorText(error))}
          hint={
            <span className={ready ? "flex items-start gap-1.5 text-good" : "flex items-start gap-1.5"}>
              {nameState.kind === "checking" && <LoaderCircle aria-hidden className="anim-turn mt-0.5 size-3.5" />}
              {ready && <CircleCheck aria-hidden className="mt-0.5 size-3.5" />}
              {says.hint}
            </span>
          }
          autoComplete="username"
          maxLength={128}
          autoFocus
        />
        <Button type="submit" look="primary" className="mt-4 max-wide:w-full" disabled={!ready}>
          {common("continue")}
        </Button>
      </form>
      <OwnedDevices />
    </Frame>
  );
}

/** For whoever has lost all devices, or the code: the wallet can do one thing without it. */
function OwnedDevices() {
  const t = useTranslations("join.remove");
  const { wallet, go } = useJoin();
  const [owned, setOwned] = useState<OwnedIdentity>();
  useEffect(() => {
    let over = false;
    setOwned(undefined);
    const found = wallet && ownedBy(wallet.address);
    // Nobody waits for it, and the next screens say what is wrong with the network.
    found?.then(
      (identity) => over || setOwned(identity),
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [wallet]);
  if (!owned || owned.devices.length === 0) return null;
  return (
    <aside className="anim-rise mt-8 border-t border-hairline pt-5 text-13 text-ink-soft">
      <p>{t("offer", { name: owned.pseudonym })}</p>
      <Button look="plain" className="mt-1 -ml-3" onClick={() => go("remove")}>
        <Unlink aria-hidden className="size-4.5" />
        {t("open")}
      </Button>
    </aside>
  );
}

function useNameWords(state: NameState): { hint?: string; error?: string } {
  const t = useTranslations("join.name");
  switch (state.kind) {
    case "untouched":
      return {};
    case "checking":
      return { hint: t("checking") };
    case "available":
    case "yours":
      return { hint: t(state.kind, { name: state.normalized }) };
    case "taken":
      return { error: t("taken", { name: state.normalized }) };
    case "unreachable":
      return { error: t("unreachable") };
    case "invalid": {
      const key = {
        empty: "empty",
        "too-short": "tooShort",
        "too-long": "tooLong",
        "forbidden-character": "forbidden",
        "look-alike": "lookAlike",
      } as const;
      return { error: t(key[state.reason]) };
    }
  }
}
