"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { GroupSummary } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { GroupFields, type GroupLooks } from "./group-fields.tsx";
import { useGroup } from "./use-group.ts";
import { useRun } from "./use-run.ts";

/** For admins: name, picture and what the group is about. Only what was changed is sent. */
export function EditSheet({ summary, onClose }: { summary: GroupSummary; onClose(): void }) {
  const t = useTranslations("groups");
  const errorText = useErrorText();
  const actions = useGroup(summary.id);
  const { name, description, picture } = summary.group;
  const [before] = useState<GroupLooks>({ name, description, picture });
  const [value, setValue] = useState(before);
  const { busy, error, run } = useRun<"save">();
  const save = async () => {
    const changes = {
      ...(value.name.trim() === before.name ? {} : { name: value.name }),
      ...(value.description.trim() === before.description ? {} : { description: value.description }),
      ...(value.picture === before.picture ? {} : { picture: value.picture ?? null }),
    };
    const done = Object.keys(changes).length === 0 || (await run("save", () => actions.update(changes)));
    if (done) onClose();
  };
  return (
    <Sheet
      open
      onClose={onClose}
      title={t("editTitle")}
      footer={
        <Button look="primary" busy={busy !== undefined} disabled={!value.name.trim()} onClick={() => void save()}>
          {t("save")}
        </Button>
      }
    >
      <GroupFields id={summary.id} value={value} onChange={(part) => setValue((now) => ({ ...now, ...part }))} />
      <p role="alert" className="text-13 text-bad">
        {error && errorText(error)}
      </p>
    </Sheet>
  );
}
