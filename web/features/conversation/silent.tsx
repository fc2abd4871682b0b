"use client";
import { useTranslations } from "next-intl";
import type { ConversationSummary } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { useClient } from "../session/use-client.ts";
import type { Silence } from "./can-write.ts";

interface SilentProps {
  silence: Silence;
  summary: ConversationSummary;
}

/** In place of the composer: why nothing can be written, and what one can do. */
export function Silent({ silence, summary }: SilentProps) {
  const t = useTranslations("conversation.silent");
  const contact = useTranslations("contact");
  const groups = useTranslations("groups");
  const devices = useTranslations("devices");
  const client = useClient();
  return (
    <div className="flex flex-col items-center gap-2 border-t border-hairline px-5 py-4 pb-[max(1rem,var(--safe-bottom))] text-center text-13 text-ink-soft">
      <p>{silence === "device" ? devices("silent") : silence === "blocked" ? contact("blockedText") : t(silence)}</p>
      {silence !== "device" && summary.kind === "group" && summary.group.left && <p>{groups("leftWay")}</p>}
      {silence === "blocked" && summary.kind === "pair" && (
        <Button small look="outline" onClick={() => void client.contacts.unblock(summary.contact.publicId)}>
          {contact("unblock")}
        </Button>
      )}
    </div>
  );
}
