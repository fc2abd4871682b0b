"use client";
import { ArrowLeft } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import type { FormEvent } from "react";
import { placeHash } from "../../lib/hash.ts";
import { Button } from "../../ui/button.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Section } from "../me/section.tsx";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { ChoiceRow } from "./choice-row.tsx";
import { ChoosePeople } from "./choose-people.tsx";
import { GroupFields } from "./group-fields.tsx";
import { useNewGroup } from "./new-group.ts";
import { usePolicies } from "./use-policies.ts";

export function NewGroupPage() {
  const t = useTranslations("groups");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const router = useRouter();
  const client = useClient();
  const policies = usePolicies();
  const { draft, busy, error, change, make } = useNewGroup();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const id = await make(client);
    if (id) router.replace(`/chats/${placeHash({ conversation: id })}`);
  };
  return (
    <main className="h-full overflow-y-auto">
      <form onSubmit={(event) => void submit(event)} className="mx-auto max-w-[480px] px-5 py-4 wide:py-10">
        <div className="flex items-center gap-1">
          <IconButton label={common("back")} className="-ml-3" onClick={() => router.push("/chats/")}>
            <ArrowLeft aria-hidden className="size-5" />
          </IconButton>
          <h1 className="text-20 font-semibold tracking-[-0.015em]">{t("newTitle")}</h1>
        </div>
        <p className="mt-1 mb-6 text-ink-soft">{t("newLead")}</p>
        <GroupFields value={draft} onChange={change} />
        <section aria-label={t("peopleTitle")} className="mt-4">
          <h2 className="text-13 font-medium text-ink-soft">{t("peopleTitle")}</h2>
          <p className="mt-1 mb-3 text-13 text-ink-faint">{t("peopleLead")}</p>
          <ChoosePeople label={t("peopleTitle")} chosen={draft.people} onChange={(people) => change({ people })} />
        </section>
        <Section title={t("settings")}>
          <ChoiceRow
            label={t("writeTitle")}
            value={draft.write}
            options={policies.write}
            onChange={(write) => change({ write })}
          />
          <ChoiceRow
            label={t("joinTitle")}
            value={draft.join}
            options={policies.join}
            onChange={(join) => change({ join })}
          />
        </Section>
        <div className="sticky bottom-0 mt-6 bg-paper py-3">
          <p role="alert" className="mb-2 text-13 text-bad empty:mb-0">
            {error && errorText(error)}
          </p>
          <Button type="submit" look="primary" busy={busy} disabled={!draft.name.trim()} className="w-full">
            {t("make")}
          </Button>
          <p role="status" className="mt-2 min-h-5 text-center text-13 text-ink-faint">
            {busy && t("making", { count: draft.people.length })}
          </p>
        </div>
      </form>
    </main>
  );
}
