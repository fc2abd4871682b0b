"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { GroupSummary, PublicId } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { ChoosePeople } from "./choose-people.tsx";
import { useGroup } from "./use-group.ts";
import { useRun } from "./use-run.ts";

/** Asks more contacts in. Who has been asked and has not come can be asked once more. */
export function AddSheet({ summary, onClose }: { summary: GroupSummary; onClose(): void }) {
  const t = useTranslations("groups");
  const errorText = useErrorText();
  const actions = useGroup(summary.id);
  const [chosen, setChosen] = useState<PublicId[]>([]);
  const { busy, error, run } = useRun<"add">();
  const { people } = summary.group;
  const send = async () => {
    if (await run("add", () => actions.invite(chosen))) onClose();
  };
  return (
    <Sheet
      open
      onClose={onClose}
      title={t("add")}
      description={t("addLead")}
      footer={
        <>
          {error && (
            <p role="alert" className="mr-auto self-center text-13 text-bad">
              {errorText(error)}
            </p>
          )}
          <Button look="primary" busy={busy !== undefined} disabled={chosen.length === 0} onClick={() => void send()}>
            {t("addAction", { count: chosen.length })}
          </Button>
        </>
      }
    >
      <ChoosePeople
        label={t("add")}
        without={people.map(({ publicId }) => publicId)}
        present={people.length}
        chosen={chosen}
        onChange={setChosen}
      />
    </Sheet>
  );
}
