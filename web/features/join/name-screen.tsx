"use client";
import { CircleCheck, LoaderCircle } from "lucide-react";
import { useTranslations } from "next-intl";
import type { FormEvent } from "react";
import type { Client } from "../../lib/types.ts";
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
    </Frame>
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
