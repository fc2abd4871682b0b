"use client";
import { useTranslations } from "next-intl";
import type { GroupSummary } from "../../lib/types.ts";
import { useListTime } from "../../lib/when.ts";
import { Button } from "../../ui/button.tsx";
import { Face } from "../contacts/face.tsx";
import { useContacts } from "../contacts/model.ts";
import { Section } from "../me/section.tsx";
import { Problem } from "./problem.tsx";
import { useGroup } from "./use-group.ts";
import { useRun } from "./use-run.ts";

/** People with the link who wait for a word of an admin. */
export function Requests({ summary }: { summary: GroupSummary }) {
  const t = useTranslations("groups");
  const time = useListTime();
  const contacts = useContacts((state) => state.contacts);
  const actions = useGroup(summary.id);
  const { busy, error, run } = useRun<string>();
  const { requests } = summary.group;
  if (requests.length === 0 && !error) return null;
  return (
    <Section title={t("requests")}>
      <ul aria-label={t("requests")} className="divide-y divide-hairline">
        {requests.map(({ publicId, pseudonym, at }) => (
          <li key={publicId} className="px-4 py-3">
            <div className="flex items-center gap-3">
              <Face contact={contacts[publicId] ?? { publicId }} size={36} />
              <bdi className="min-w-0 flex-1 truncate font-medium">{pseudonym}</bdi>
              <time dateTime={new Date(at).toISOString()} className="tabular text-12 text-ink-faint">
                {time(at)}
              </time>
            </div>
            <div className="mt-2.5 grid grid-cols-2 gap-2">
              <Button
                small
                aria-label={t("declineName", { name: pseudonym })}
                disabled={busy !== undefined}
                onClick={() => void run(publicId, () => actions.decide(publicId, false))}
              >
                {t("decline")}
              </Button>
              <Button
                small
                look="primary"
                aria-label={t("acceptName", { name: pseudonym })}
                disabled={busy !== undefined}
                busy={busy === publicId}
                onClick={() => void run(publicId, () => actions.decide(publicId, true))}
              >
                {t("accept")}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <Problem code={error} />
    </Section>
  );
}
