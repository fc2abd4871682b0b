"use client";
import { Camera, ImageUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useRef, useState } from "react";
import { onDemand } from "../../lib/on-demand.ts";
import type { ErrorCode } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { FileInput } from "../../ui/file-input.tsx";

const Scanner = onDemand(() => import("./scanner.tsx"));

interface CodeFieldProps {
  label: string;
  action: string;
  value: string;
  busy: boolean;
  error: string | undefined;
  onType(text: string): void;
  /** Typed, pasted, scanned or read from a picture. */
  onText(text: string): void;
  /** What to say where nothing could be read. */
  onError(code: ErrorCode): void;
}

/** The text of somebody's code, by whatever way it comes. */
export function CodeField({ label, action, value, busy, error, onType, onText, onError }: CodeFieldProps) {
  const t = useTranslations("contact");
  const [scanning, setScanning] = useState(false);
  const picture = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onText(value);
  };
  const read = (text: string) => {
    setScanning(false);
    onText(text);
  };
  const readPicture = async (file: File) => {
    const { readQr } = await import("./read-qr.ts");
    const text = await readQr(file);
    if (text) read(text);
    else onError("LINK_INVALID");
  };
  return (
    <>
      <form onSubmit={submit}>
        <Field
          label={label}
          value={value}
          onChange={(event) => onType(event.target.value)}
          error={error}
          enterKeyHint="search"
          maxLength={2048}
          end={
            <Button small look="primary" type="submit" busy={busy} disabled={!value.trim()} className="mr-1">
              {action}
            </Button>
          }
        />
      </form>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button onClick={() => setScanning(true)} disabled={scanning}>
          <Camera aria-hidden className="size-4.5" />
          {t("scan")}
        </Button>
        <Button onClick={() => picture.current?.click()}>
          <ImageUp aria-hidden className="size-4.5" />
          {t("scanPicture")}
        </Button>
        <FileInput ref={picture} accept="image/*" label={t("scanPicture")} onFile={(file) => void readPicture(file)} />
      </div>
      {scanning && <Scanner onText={read} onStop={() => setScanning(false)} onError={onError} />}
    </>
  );
}
