import { type KeyboardEvent, useId, useState } from "react";
import type { Mentionable } from "../markdown/types.ts";
import { complete, mentionAt, suggest } from "./mention.ts";

export interface MentionInput {
  people: readonly Mentionable[];
  text: string;
  /** Undefined while the field has no keyboard. */
  caret: number | undefined;
  onComplete(next: { text: string; caret: number }): void;
}

/** Who is offered while an `@` is being typed, and the keys that choose. Spread `field` on the textarea. */
export function useMention({ people, text, caret, onComplete }: MentionInput) {
  const id = useId();
  const typed = caret === undefined ? undefined : mentionAt(text, caret);
  const key = typed && `${typed.from}:${typed.query}`;
  const [choice, setChoice] = useState<{ key: string | undefined; active: number }>({ key: undefined, active: 0 });
  /** The mention that Escape closed; another one opens again. */
  const [closed, setClosed] = useState<number>();
  const options = typed && closed !== typed.from ? suggest(people, typed.query) : [];
  const open = options.length > 0;
  const active = choice.key === key ? Math.min(choice.active, options.length - 1) : 0;

  const pick = (person: Mentionable | undefined) => {
    if (person && caret !== undefined) onComplete(complete(text, caret, person));
  };

  /** True when the key was for the list. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!open || event.nativeEvent.isComposing || event.keyCode === 229) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setChoice({ key, active: (active + step + options.length) % options.length });
    else if (event.key === "Enter" || event.key === "Tab") pick(options[active]);
    else if (event.key === "Escape") setClosed(typed?.from);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  return {
    list: { id, options, active, onPick: pick },
    onKeyDown,
    field: {
      "aria-autocomplete": "list" as const,
      "aria-controls": open ? id : undefined,
      "aria-activedescendant": open ? `${id}-${active}` : undefined,
    },
  };
}
