"use client";
import { useTranslations } from "next-intl";
import type { ConversationFlags, GroupSummary } from "../../lib/types.ts";
import { SwitchRow } from "../../ui/switch.tsx";
import { Section } from "../me/section.tsx";
import { useClient } from "../session/use-client.ts";
import { Problem } from "./problem.tsx";
import { useRun } from "./use-run.ts";

/** How this device treats the group; nobody else learns of it. */
export function OwnSettings({ summary }: { summary: GroupSummary }) {
  const t = useTranslations("groups");
  const client = useClient();
  const { error, run } = useRun<"flags">();
  const { archived = false, mutedUntil = 0 } = summary.flags;
  const set = (flags: ConversationFlags) =>
    void run("flags", () => client.conversations.open(summary.id).setFlags(flags));
  return (
    <Section title={t("mine")}>
      <SwitchRow
        label={t("mute")}
        hint={t("muteHint")}
        checked={mutedUntil > Date.now()}
        onChange={(on) => set({ mutedUntil: on ? Number.MAX_SAFE_INTEGER : 0 })}
      />
      <SwitchRow
        label={t("archive")}
        hint={t("archiveHint")}
        checked={archived}
        onChange={(on) => set({ archived: on })}
      />
      <Problem code={error} />
    </Section>
  );
}
