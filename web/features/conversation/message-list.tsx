"use client";
import { ArrowDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { useStore } from "zustand";
import type { ConversationSummary } from "../../lib/types.ts";
import { useDayName } from "../../lib/when.ts";
import { Button } from "../../ui/button.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useChats } from "../chats/model.ts";
import { Face } from "../contacts/face.tsx";
import { Bubble } from "./bubble.tsx";
import { CallEntry } from "./call-entry.tsx";
import type { ConversationModel } from "./model.ts";
import { type Row, rowsOf } from "./rows.ts";

/** This close to the end counts as reading the latest, in pixels. */
const nearEnd = 72;
const nearStart = 400;
/** A scroll this soon after wheel, finger or key is the reader's own. */
const gestureMs = 200;

interface MessageListProps {
  model: ConversationModel;
  summary: ConversationSummary;
}

export function MessageList({ model, summary }: MessageListProps) {
  const t = useTranslations("conversation");
  const { messages, loaded, complete, unreadFrom, below, loadingOlder } = useStore(model.store);
  const typing = useChats((state) => state.typing[summary.id] !== undefined);
  const rows = useMemo(() => rowsOf(messages, { complete, unreadFrom }), [messages, complete, unreadFrom]);
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const seen = useRef({ top: 0, height: 0 });
  const hand = useRef(Number.NEGATIVE_INFINITY);
  const touched = () => {
    hand.current = performance.now();
  };
  const [away, setAway] = useState(false);
  const firstId = useRef<string>(undefined);
  // Older messages arrive above: the list keeps its place from the end.
  const shift = firstId.current !== undefined && firstId.current !== messages[0]?.id;
  const lastId = messages.at(-1)?.id;
  const mine = messages.at(-1)?.outgoing ?? false;

  useLayoutEffect(() => {
    firstId.current = messages[0]?.id;
  });

  const toEnd = useCallback(() => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: these say that something was added at the end
  useLayoutEffect(() => {
    if (atEnd.current || mine) toEnd();
  }, [lastId, typing, loaded]);

  // Sizes are measured after the first paint, and the keyboard of a phone changes the height: stay at the end.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const watch = new ResizeObserver(() => atEnd.current && toEnd());
    watch.observe(element);
    for (const child of element.children) watch.observe(child);
    return () => watch.disconnect();
  }, [toEnd]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const end = scrollHeight - scrollTop - clientHeight < nearEnd;
    // Rows are measured as they appear, and the keyboard takes room: who reads the end stays there unless they go.
    const now = performance.now();
    const byHand = now - hand.current < gestureMs;
    if (byHand) hand.current = now; // a flick goes on by itself
    const went = scrollHeight === seen.current.height && scrollTop < seen.current.top - 1;
    seen.current = { top: scrollTop, height: scrollHeight };
    if (atEnd.current && !end && !byHand && !went) return toEnd();
    if (end !== atEnd.current) {
      atEnd.current = end;
      setAway(!end);
      model.atEnd(end);
    }
    if (scrollTop < nearStart) void model.loadOlder();
  };

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area has to be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
        onWheel={touched}
        onTouchMove={touched}
        onPointerDown={touched}
        onKeyDown={touched}
        className="flex h-full flex-col overflow-y-auto overscroll-contain px-3 outline-none! [overflow-anchor:none] wide:px-6"
      >
        <div className="min-h-4 flex-1" />
        {loadingOlder && (
          <div className="flex justify-center py-2">
            <Spinner label={t("older")} />
          </div>
        )}
        <div>
          <Virtualizer ref={list} data={rows} shift={shift} scrollRef={scroller} bufferSize={400}>
            {(row) => <RowView key={row.key} row={row} model={model} summary={summary} />}
          </Virtualizer>
        </div>
        <div className="min-h-3 pb-2">{typing && <Typing name={summary.contact.pseudonym} />}</div>
      </div>
      {away && (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <Button
            small
            look={below > 0 ? "primary" : "outline"}
            aria-label={below > 0 ? t("newMessages", { count: below }) : t("toLatest")}
            onClick={toEnd}
            className="anim-rise pointer-events-auto rounded-full! shadow-float"
          >
            <ArrowDown aria-hidden className="size-4" />
            {below > 0 && t("newMessages", { count: below })}
          </Button>
        </div>
      )}
    </div>
  );
}

function RowView({ row, model, summary }: MessageListProps & { row: Row }) {
  const t = useTranslations("conversation");
  const dayName = useDayName();
  switch (row.kind) {
    case "beginning":
      return <Beginning summary={summary} />;
    case "day":
      return (
        <div className="flex justify-center py-3">
          <h2 className="rounded-full bg-raised px-3 py-1 text-12 font-medium text-ink-soft">{dayName(row.at)}</h2>
        </div>
      );
    case "unread":
      return (
        <div className="flex items-center gap-3 py-2 text-12 font-medium text-accent-ink">
          <span className="h-px flex-1 bg-accent/35" />
          {t("unreadHere")}
          <span className="h-px flex-1 bg-accent/35" />
        </div>
      );
    case "message":
      return row.message.body.type === "call" ? (
        <CallEntry message={row.message} body={row.message.body} contact={summary.contact} />
      ) : (
        <Bubble
          message={row.message}
          text={row.message.body.text}
          first={row.first}
          last={row.last}
          onRetry={() => void model.retry(row.message.id)}
        />
      );
  }
}

function Beginning({ summary }: { summary: ConversationSummary }) {
  const t = useTranslations("conversation");
  const { contact, last } = summary;
  return (
    <div className="flex flex-col items-center px-6 pt-6 pb-4 text-center">
      <Face contact={contact} size={72} />
      <p className="mt-4 max-w-80 text-balance text-ink-soft">
        {last ? t("beginning", { name: contact.pseudonym }) : t("empty", { name: contact.pseudonym })}
      </p>
    </div>
  );
}

function Typing({ name }: { name: string }) {
  const t = useTranslations("conversation");
  return (
    <div role="status" aria-label={t("typing", { name })} className="anim-rise mt-1 flex">
      <span aria-hidden className="flex h-9 items-center gap-1 rounded-lg rounded-bl-[4px] bg-theirs px-3.5">
        {[0, 160, 320].map((delay) => (
          <span
            key={delay}
            className="anim-dot size-1.5 rounded-full bg-ink-faint opacity-60"
            style={{ animationDelay: `${delay}ms` }}
          />
        ))}
      </span>
    </div>
  );
}
