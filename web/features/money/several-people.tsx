"use client";
import { useTranslations } from "next-intl";
import type { ConversationSummary, PublicId } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { PickList } from "../../ui/pick-list.tsx";
import { maxAsked } from "./limits.ts";
import { useOthers } from "./people.ts";

interface SeveralPeopleProps {
  summary: ConversationSummary;
  chosen: readonly PublicId[];
  onChange(chosen: PublicId[]): void;
}

/** In a group: who is asked. */
export function SeveralPeople({ summary, chosen, onChange }: SeveralPeopleProps) {
  const t = useTranslations("money");
  const groups = useTranslations("groups");
  const others = useOthers(summary);
  const everybody = others.slice(0, maxAsked).map(({ publicId }) => publicId);
  const all = chosen.length >= everybody.length;
  return (
    <>
      <PickList
        label={t("askWho")}
        searchLabel={t("searchPeople")}
        noMatch={groups("noMatch")}
        items={others.map(({ publicId, pseudonym }) => ({ id: publicId, name: pseudonym, seed: publicId }))}
        chosen={chosen}
        full={chosen.length >= maxAsked}
        onChange={onChange}
      />
      <div className="mt-1 flex items-center justify-between gap-3">
        <p aria-live="polite" className="text-13 text-ink-faint">
          {groups("chosen", { count: chosen.length })}
        </p>
        <Button small look="plain" onClick={() => onChange(all ? [] : everybody)}>
          {t(all ? "nobody" : "everybody")}
        </Button>
      </div>
    </>
  );
}
