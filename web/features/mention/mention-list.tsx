"use client";
import { useTranslations } from "next-intl";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import type { Mentionable } from "../markdown/types.ts";

export interface MentionListProps {
  id: string;
  options: readonly Mentionable[];
  active: number;
  onPick(person: Mentionable): void;
}

/** Above the composer; its parent is positioned. The keyboard stays in the text. */
export function MentionList({ id, options, active, onPick }: MentionListProps) {
  const t = useTranslations("mentions");
  return (
    <>
      <p aria-live="polite" className="sr-only">
        {options.length > 0 && t("offered", { count: options.length })}
      </p>
      {options.length > 0 && (
        <div
          id={id}
          role="listbox"
          aria-label={t("label")}
          tabIndex={-1}
          className="anim-rise absolute bottom-full left-0 z-20 mb-2 w-72 max-w-full overflow-hidden rounded-md border border-hairline bg-float p-1 shadow-float"
        >
          {options.map((person, index) => (
            <button
              key={person.publicId}
              id={`${id}-${index}`}
              type="button"
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              // The field keeps the keyboard.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => onPick(person)}
              className={cx(
                "pressable flex min-h-11 w-full items-center gap-3 rounded-sm px-2 text-left",
                index === active ? "bg-accent-soft" : "hover:bg-raised",
              )}
            >
              <Avatar seed={person.publicId} size={28} />
              <bdi className="truncate">{person.name}</bdi>
            </button>
          ))}
        </div>
      )}
    </>
  );
}
