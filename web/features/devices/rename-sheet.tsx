"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import type { DeviceInfo } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useRun } from "../groups/use-run.ts";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { readDevices } from "./model.ts";

export function RenameSheet({ device, onClose }: { device: DeviceInfo; onClose(): void }) {
  const t = useTranslations("devices");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const client = useClient();
  const form = useId();
  const [name, setName] = useState(device.name);
  const { busy, error, run } = useRun<"rename">();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const renamed = await run("rename", () => client.devices.rename(device.key, name));
    if (!renamed) return;
    void readDevices(client);
    onClose();
  };
  return (
    <Sheet
      open
      onClose={onClose}
      title={t("renameTitle")}
      description={t("renameLead")}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {common("cancel")}
          </Button>
          <Button form={form} type="submit" look="primary" busy={busy !== undefined} disabled={!name.trim()}>
            {t("renameAction")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void submit(event)}>
        <Field
          label={t("name")}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={error && errorText(error)}
          maxLength={64}
          autoComplete="off"
          autoFocus
        />
      </form>
    </Sheet>
  );
}
