"use client";
import { Search, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { SearchResult } from "../../lib/types.ts";
import { useListTime } from "../../lib/when.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { ListSkeleton } from "../../ui/skeleton.tsx";
import type { NameOf } from "../message/types.ts";
import { useByline } from "../message/use-byline.ts";
import { writtenIn } from "../message/written.ts";
import { Highlighted } from "./highlighted.tsx";

export interface SearchPaneProps {
  query: string;
  onQuery(query: string): void;
  state: "idle" | "searching" | "done";
  results: readonly SearchResult[];
  nameOf: NameOf;
  onJump(result: SearchResult): void;
  onClose(): void;
  /** There is more to find further back. */
  onMore?: (() => void) | undefined;
}

/** Search in a conversation: the arrows walk the results from the field, Enter shows one, Escape closes. */
export default function SearchPane(props: SearchPaneProps) {
  const { query, onQuery, state, results, nameOf, onJump, onClose, onMore } = props;
  const t = useTranslations("search");
  const common = useTranslations("common");
  const time = useListTime();
  const byline = useByline(nameOf);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [active, setActive] = useState(-1);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = results[Math.max(0, active)];
    if (step) setActive((now) => Math.min(results.length - 1, Math.max(0, now + step)));
    else if (event.key === "Enter" && chosen) onJump(chosen);
    else if (event.key === "Escape") onClose();
    else return;
    event.preventDefault();
  };

  return (
    <search aria-label={t("title")} className="flex h-full min-h-0 flex-col">
      <div className="flex items-center gap-1 border-b border-hairline p-2">
        <label className="pressable flex min-w-0 flex-1 items-center rounded-md border border-edge bg-float pl-3 focus-within:border-accent">
          <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
          <input
            ref={field}
            role="combobox"
            aria-label={t("title")}
            aria-expanded={results.length > 0}
            aria-controls={`${id}-list`}
            aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
            placeholder={t("placeholder")}
            value={query}
            maxLength={200}
            onChange={(event) => {
              setActive(-1);
              onQuery(event.target.value);
            }}
            onKeyDown={onKeyDown}
            className="h-11 w-full min-w-0 bg-transparent px-2.5 outline-none!"
          />
        </label>
        <IconButton label={common("close")} onClick={onClose}>
          <X aria-hidden className="size-5" />
        </IconButton>
      </div>
      <p role="status" className="px-4 pt-2 text-12 text-ink-soft">
        {state === "done" && t("found", { count: results.length })}
      </p>
      {state === "searching" && results.length === 0 && <ListSkeleton rows={3} />}
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        <div id={`${id}-list`} role="listbox" aria-label={t("results")}>
          {results.map((result, index) => (
            <Result
              key={result.message.id}
              id={`${id}-${index}`}
              result={result}
              name={byline(result.message)}
              time={time(result.message.at)}
              active={index === active}
              onJump={() => onJump(result)}
            />
          ))}
        </div>
        {onMore && state === "done" && (
          <button
            type="button"
            onClick={onMore}
            className="pressable min-h-11 w-full rounded-md text-13 font-medium text-accent-ink hover:bg-accent-soft"
          >
            {t("more")}
          </button>
        )}
      </div>
    </search>
  );
}

interface ResultProps {
  id: string;
  result: SearchResult;
  name: string;
  time: string;
  active: boolean;
  onJump(): void;
}

function Result({ id, result, name, time, active, onJump }: ResultProps) {
  const { from, at, body } = result.message;
  const row = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <button
      ref={row}
      id={id}
      type="button"
      role="option"
      tabIndex={-1}
      aria-selected={active}
      onClick={onJump}
      className={cx(
        "pressable flex w-full items-start gap-3 rounded-md px-2 py-2 text-left",
        active ? "bg-accent-soft" : "hover:bg-raised",
      )}
    >
      <Avatar seed={from} size={32} />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <bdi className="truncate text-13 font-medium">{name}</bdi>
          <time dateTime={new Date(at).toISOString()} className="tabular ml-auto shrink-0 text-12 text-ink-soft">
            {time}
          </time>
        </span>
        <span className="line-clamp-3 text-13 [overflow-wrap:anywhere] text-ink-soft">
          <Highlighted text={writtenIn(body)} ranges={result.ranges} />
        </span>
      </span>
    </button>
  );
}
