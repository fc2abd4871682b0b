"use client";
import { useTranslations } from "next-intl";
import type { ConversationSummary, PublicId } from "../../lib/types.ts";
import { PickList } from "../../ui/pick-list.tsx";
import { useOthers } from "./people.ts";

interface OnePersonProps {
  summary: ConversationSummary;
  chosen: PublicId | undefined;
  onChoose(person: PublicId | undefined): void;
}

/** In a group: which of its people is paid. */
export function OnePerson({ summary, chosen, onChoose }: OnePersonProps) {
  const t = useTranslations("money");
  const groups = useTranslations("groups");
  const items = useOthers(summary).map(({ publicId, pseudonym }) => ({
    id: publicId,
    name: pseudonym,
    seed: publicId,
  }));
  return (
    <PickList
      single
      label={t("sendWho")}
      searchLabel={t("searchPeople")}
      noMatch={groups("noMatch")}
      items={items}
      chosen={chosen ? [chosen] : []}
      onChange={([person]) => onChoose(person)}
    />
  );
}
