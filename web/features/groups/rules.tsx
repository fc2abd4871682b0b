"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { onDemand } from "../../lib/on-demand.ts";
import type { GroupSummary } from "../../lib/types.ts";
import { RowLine, Section } from "../me/section.tsx";
import { useClient } from "../session/use-client.ts";
import { useTimerText } from "../timer/use-timer-text.ts";
import { ChoiceRow, OpenRow } from "./choice-row.tsx";
import { LinkSheet } from "./link-sheet.tsx";
import { hasLink, isAdmin } from "./model.ts";
import { Problem } from "./problem.tsx";
import { useGroup } from "./use-group.ts";
import { usePolicies } from "./use-policies.ts";
import { useRun } from "./use-run.ts";

const TimerSheet = onDemand(() => import("../timer/timer-sheet.tsx"));

/** What holds for everybody in the group; admins change it. */
export function Rules({ summary, onTrust }: { summary: GroupSummary; onTrust(): void }) {
  const t = useTranslations("groups");
  const conversation = useTranslations("conversation");
  const timer = useTranslations("timer");
  const timerText = useTimerText();
  const client = useClient();
  const { id, group } = summary;
  const actions = useGroup(id);
  const policies = usePolicies();
  const admin = isAdmin(group);
  const { error, run } = useRun<"rules">();
  const [open, setOpen] = useState<"link" | "timer">();
  const stay = summary.timer > 0 ? timerText(summary.timer) : timer("off");
  return (
    <Section title={t("settings")}>
      <OpenRow label={conversation("trust")} onOpen={onTrust} />
      {hasLink(group) && <OpenRow label={t("link")} onOpen={() => setOpen("link")} />}
      <ChoiceRow
        label={t("writeTitle")}
        value={group.write}
        options={policies.write}
        onChange={admin ? (write) => void run("rules", () => actions.update({ write })) : undefined}
      />
      <ChoiceRow
        label={t("joinTitle")}
        value={group.join}
        options={policies.join}
        onChange={admin ? (join) => void run("rules", () => actions.update({ join })) : undefined}
      />
      {admin ? (
        <OpenRow label={t("timer")} onOpen={() => setOpen("timer")}>
          {stay}
        </OpenRow>
      ) : (
        <RowLine label={t("timer")}>{stay}</RowLine>
      )}
      <Problem code={error} />
      {open === "link" && <LinkSheet summary={summary} onClose={() => setOpen(undefined)} />}
      {open === "timer" && (
        <TimerSheet
          seconds={summary.timer}
          onClose={() => setOpen(undefined)}
          onChoose={(seconds) => void run("rules", () => client.conversations.open(id).setTimer(seconds))}
        />
      )}
    </Section>
  );
}
