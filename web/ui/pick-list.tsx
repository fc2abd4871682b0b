"use client";
import { Check, Search } from "lucide-react";
import { useState } from "react";
import { Avatar } from "./avatar.tsx";
import { cx } from "./cx.ts";

export interface PickItem<Id extends string> {
  id: Id;
  name: string;
  /** Grows the face. */
  seed: string;
}

interface PickListProps<Id extends string> {
  label: string;
  searchLabel: string;
  /** Said when nothing has the searched name. */
  noMatch: string;
  items: readonly PickItem<Id>[];
  chosen: readonly Id[];
  /** No more can be chosen. */
  full?: boolean;
  /** One only: another choice takes its place. */
  single?: boolean;
  onChange(chosen: Id[]): void;
}

/** Several among many, or one: a search and a box on every line. */
export function PickList<Id extends string>(props: PickListProps<Id>) {
  const { label, searchLabel, noMatch, items, chosen, full = false, single = false, onChange } = props;
  const [query, setQuery] = useState("");
  const wanted = query.trim().toLowerCase();
  const shown = items.filter(({ name }) => name.toLowerCase().includes(wanted));
  const toggle = (id: Id) => {
    if (single) onChange([id]);
    else if (chosen.includes(id)) onChange(chosen.filter((other) => other !== id));
    else if (!full) onChange([...chosen, id]);
  };
  return (
    <>
      <label className="pressable flex items-center rounded-md border border-edge bg-float pl-3 focus-within:border-accent">
        <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
        <input
          aria-label={searchLabel}
          placeholder={searchLabel}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          // Enter belongs to the search here, not to the form around it.
          onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
          className="h-11 w-full min-w-0 bg-transparent px-2.5 outline-none!"
        />
      </label>
      {shown.length === 0 && <p className="py-6 text-center text-13 text-ink-soft">{noMatch}</p>}
      <ul aria-label={label} className="mt-2 max-h-80 overflow-y-auto">
        {shown.map(({ id, name, seed }) => {
          const on = chosen.includes(id);
          return (
            <li key={id} className="relative">
              <label
                className={cx(
                  "pressable flex min-h-13 cursor-pointer items-center gap-3 rounded-md px-2 hover:bg-raised has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent",
                  full && !on && "cursor-default opacity-45",
                )}
              >
                <input
                  type={single ? "radio" : "checkbox"}
                  name={single ? label : undefined}
                  checked={on}
                  disabled={full && !on}
                  onChange={() => toggle(id)}
                  className="sr-only"
                />
                <Avatar seed={seed} size={36} />
                <bdi className="min-w-0 flex-1 truncate">{name}</bdi>
                <span
                  aria-hidden
                  className={cx(
                    "flex size-6 items-center justify-center rounded-full border",
                    on ? "border-accent bg-accent text-on-accent" : "border-edge",
                  )}
                >
                  {on && <Check className="size-4" />}
                </span>
              </label>
            </li>
          );
        })}
      </ul>
    </>
  );
}
