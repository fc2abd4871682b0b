"use client";
import { Eye, EyeOff, FileKey2, Sparkles } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useRef, useState } from "react";
import type { Client } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { Field } from "../../ui/field.tsx";
import { FileInput } from "../../ui/file-input.tsx";
import { SwitchRow } from "../../ui/switch.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { Frame } from "./frame.tsx";
import { useJoin } from "./model.ts";
import { type Strength, strengthOf, suggestCode } from "./strength.ts";

export function CodeScreen({ client, onJoin }: { client: Client; onJoin(client: Client): void }) {
  const t = useTranslations("join.code");
  const errorText = useErrorText();
  const { code, typeCode, name, nameState, onlyDevice, setOnlyDevice, error, go } = useJoin();
  const returning = nameState.kind === "yours";
  const [shown, setShown] = useState(!returning);
  const strength = strengthOf(code);
  const ready = code.length > 0 && (returning || strength !== "weak");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) onJoin(client);
  };
  return (
    <Frame
      step={3}
      title={returning ? t("titleBack") : t("title")}
      lead={returning ? t("leadBack", { name }) : t("lead")}
      open={0.62}
      onBack={() => go("name")}
    >
      <form onSubmit={submit}>
        {/* Lets password managers file the code under the pseudonym. */}
        <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
        <Field
          label={t("label")}
          type={shown ? "text" : "password"}
          value={code}
          onChange={(event) => typeCode(event.target.value)}
          error={error && errorText(error)}
          hint={returning ? undefined : code ? <Meter strength={strength} /> : t("noReset")}
          autoComplete={returning ? "current-password" : "new-password"}
          maxLength={1024}
          className={shown ? "[&_input]:font-mono [&_input]:text-15" : ""}
          autoFocus
          end={
            <Button small look="plain" onClick={() => setShown(!shown)} aria-pressed={shown}>
              {shown ? <EyeOff aria-hidden className="size-4" /> : <Eye aria-hidden className="size-4" />}
              <span className="max-sm:sr-only">{shown ? t("hide") : t("show")}</span>
            </Button>
          }
        />
        {returning ? (
          <>
            <BackupFile />
            <div className="mt-4 rounded-md border border-hairline bg-float">
              <SwitchRow
                label={t("onlyDevice")}
                hint={t("onlyDeviceHint")}
                checked={onlyDevice}
                onChange={setOnlyDevice}
              />
            </div>
          </>
        ) : (
          <Button
            small
            className="mt-2"
            onClick={() => {
              typeCode(suggestCode());
              setShown(true);
            }}
          >
            <Sparkles aria-hidden className="size-4" />
            {t("suggest")}
          </Button>
        )}
        {!returning && code && <p className="mt-4 text-13 text-ink-soft">{t("noReset")}</p>}
        <div className="mt-6">
          <Button type="submit" look="primary" className="min-w-36 max-wide:w-full" disabled={!ready}>
            {t("join")}
          </Button>
        </div>
      </form>
    </Frame>
  );
}

const bars: Record<Strength, { filled: number; tone: string }> = {
  weak: { filled: 1, tone: "bg-bad" },
  fair: { filled: 2, tone: "bg-wait" },
  strong: { filled: 3, tone: "bg-good" },
};

function Meter({ strength }: { strength: Strength }) {
  const t = useTranslations("join.code");
  const { filled, tone } = bars[strength];
  return (
    <span className="flex items-center gap-3">
      <span aria-hidden className="flex gap-1">
        {[1, 2, 3].map((bar) => (
          <span key={bar} className={cx("pressable h-1 w-8 rounded-full", bar <= filled ? tone : "bg-sunken")} />
        ))}
      </span>
      <span className="text-ink-soft">{t(strength)}</span>
    </span>
  );
}

function BackupFile() {
  const t = useTranslations("join.code");
  const { backup, chooseBackup } = useJoin();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="mt-1">
      <FileInput ref={input} label={t("backupFile")} onFile={(file) => void chooseBackup(file)} />
      <Button small onClick={() => input.current?.click()}>
        <FileKey2 aria-hidden className="size-4" />
        {t("backupFile")}
      </Button>
      <p className="mt-2 text-13 text-ink-faint">
        {backup ? t("backupChosen", { name: backup.name }) : t("backupFileHint")}
      </p>
    </div>
  );
}
