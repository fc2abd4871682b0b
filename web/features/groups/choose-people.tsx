"use client";
import { useTranslations } from "next-intl";
import type { PublicId } from "../../lib/types.ts";
import { PickList } from "../../ui/pick-list.tsx";
import { useContacts } from "../contacts/model.ts";
import { maxPeople } from "./limits.ts";

interface ChoosePeopleProps {
  label: string;
  /** Are in already, or have been asked. */
  without?: readonly PublicId[];
  /** How many are in already. */
  present?: number;
  chosen: readonly PublicId[];
  onChange(chosen: PublicId[]): void;
}

/** Contacts to ask into a group: only people one is connected with. */
export function ChoosePeople({ label, without = [], present = 1, chosen, onChange }: ChoosePeopleProps) {
  const t = useTranslations("groups");
  const contacts = Object.values(useContacts((state) => state.contacts)).filter(({ state }) => state === "connected");
  const items = contacts
    .filter(({ publicId }) => !without.includes(publicId))
    .map(({ publicId, pseudonym }) => ({ id: publicId, name: pseudonym, seed: publicId }))
    .sort((a, b) => a.name.localeCompare(b.name));
  if (items.length === 0) return <p className="py-3 text-ink-soft">{t(contacts.length === 0 ? "nobody" : "allIn")}</p>;
  return (
    <>
      <PickList
        label={label}
        searchLabel={t("searchPeople")}
        noMatch={t("noMatch")}
        items={items}
        chosen={chosen}
        full={present + chosen.length >= maxPeople}
        onChange={onChange}
      />
      <p aria-live="polite" className="mt-1 text-13 text-ink-faint">
        {t("chosen", { count: chosen.length })}
      </p>
    </>
  );
}
