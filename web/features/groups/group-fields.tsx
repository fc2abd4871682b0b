"use client";
import { ImagePlus, Trash2, UsersRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import type { ConversationId } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Area, Field } from "../../ui/field.tsx";
import { FileInput } from "../../ui/file-input.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { GroupFace } from "../contacts/group-face.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { maxDescription, maxGroupName } from "./limits.ts";
import { squarePicture } from "./picture.ts";
import { useRun } from "./use-run.ts";

export interface GroupLooks {
  name: string;
  description: string;
  picture: Uint8Array | undefined;
}

interface GroupFieldsProps {
  /** Grows the face while there is no picture; a group that is not made yet has none. */
  id?: ConversationId;
  value: GroupLooks;
  onChange(part: Partial<GroupLooks>): void;
}

/** What a group is called, looks like and is about. */
export function GroupFields({ id, value, onChange }: GroupFieldsProps) {
  const t = useTranslations("groups");
  const errorText = useErrorText();
  const file = useRef<HTMLInputElement>(null);
  const { busy, error, run } = useRun<"picture">();
  return (
    <>
      <div className="flex flex-wrap items-center gap-4">
        {id || value.picture ? (
          <GroupFace id={id ?? ""} picture={value.picture} size={72} />
        ) : (
          <span className="flex size-18 items-center justify-center rounded-full bg-raised text-ink-faint">
            <UsersRound aria-hidden className="size-8" strokeWidth={1.6} />
          </span>
        )}
        <div className="flex flex-wrap gap-1">
          <Button small onClick={() => file.current?.click()} disabled={busy !== undefined}>
            <ImagePlus aria-hidden className="size-4" />
            {t(value.picture ? "pictureChange" : "picture")}
          </Button>
          {value.picture && (
            <Button small look="plain" onClick={() => onChange({ picture: undefined })}>
              <Trash2 aria-hidden className="size-4" />
              {t("pictureRemove")}
            </Button>
          )}
        </div>
        <FileInput
          ref={file}
          accept="image/*"
          label={t("picture")}
          onFile={(chosen) => void run("picture", async () => onChange({ picture: await squarePicture(chosen) }))}
        />
      </div>
      <div aria-live="polite" className="mt-1 min-h-5 text-13">
        {busy && <Spinner label={t("pictureWorking")} />}
        {error && <p className="text-bad">{errorText(error)}</p>}
      </div>
      <Field
        label={t("name")}
        value={value.name}
        onChange={(event) => onChange({ name: event.target.value })}
        maxLength={maxGroupName}
        required
        autoCapitalize="sentences"
        className="mt-2"
      />
      <Area
        label={t("description")}
        value={value.description}
        onChange={(event) => onChange({ description: event.target.value })}
        maxLength={maxDescription}
        className="mt-1"
      />
    </>
  );
}
