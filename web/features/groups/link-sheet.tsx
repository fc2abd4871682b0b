"use client";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import type { GroupSummary } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { ShareLink } from "../chats/share-link.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { isAdmin } from "./model.ts";
import { useGroup } from "./use-group.ts";
import { useRun } from "./use-run.ts";

/** The way in for people who are not contacts, as a code and as text. */
export function LinkSheet({ summary, onClose }: { summary: GroupSummary; onClose(): void }) {
  const t = useTranslations("groups");
  const errorText = useErrorText();
  const { id, group } = summary;
  const actions = useGroup(id);
  const { busy, error, run } = useRun<"reset">();
  // Another view of the group may carry another link.
  const [link, setLink] = useState<string>();
  useEffect(() => {
    let current = true;
    const ask = group.role && group.join !== "closed" ? actions.link() : Promise.resolve(undefined);
    ask.then((found) => current && setLink(found)).catch(() => undefined);
    return () => {
      current = false;
    };
  }, [actions, group]);
  const reset = async () => {
    if (await run("reset", () => actions.resetLink())) toast(t("linkResetDone"));
  };
  return (
    <Sheet open onClose={onClose} title={t("link")} description={t("linkLead", { join: group.join })}>
      {link && (
        <div className="mx-auto max-w-80 pt-2">
          <ShareLink link={link} title={group.name} label={t("linkLabel")} qrLabel={t("linkQr")} />
        </div>
      )}
      {isAdmin(group) && (
        <div className="mx-auto mt-6 max-w-80 border-t border-hairline pt-3 text-center">
          <Button small look="danger-quiet" busy={busy !== undefined} onClick={() => void reset()}>
            {t("linkReset")}
          </Button>
          <p className="mt-1 text-13 text-ink-faint">{t("linkResetText")}</p>
        </div>
      )}
      <p role="alert" className="text-center text-13 text-bad">
        {error && errorText(error)}
      </p>
    </Sheet>
  );
}
