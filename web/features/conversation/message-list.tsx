"use client";
import { ArrowDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { useStore } from "zustand";
import { onDemand } from "../../lib/on-demand.ts";
import type { ConversationSummary, MessageId } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useChats } from "../chats/model.ts";
import type { ConversationModel } from "./model.ts";
import { RowView } from "./row-view.tsx";
import { rowsFilling, rowsOf } from "./rows.ts";
import { Typing } from "./typing.tsx";
import { usePainted } from "./use-painted.ts";

const DateJump = onDemand(() => import("../dates/date-jump.tsx"));

/** This close to the end counts as reading the latest, in pixels. */
const nearEnd = 72;
const nearStart = 400;
/** A scroll this soon after wheel, finger or key is the reader's own. */
const gestureMs = 200;
/** Header and field take so much of the window at least, in pixels. */
const aroundList = 120;
/** How long the message that was jumped to stands out. */
const markedMs = 1_600;

interface MessageListProps {
  model: ConversationModel;
  summary: ConversationSummary;
}

export function MessageList({ model, summary }: MessageListProps) {
  const t = useTranslations("conversation");
  const { messages, loaded, complete, latest, stretch, unreadFrom, below, loadingOlder, sent, target } = useStore(
    model.store,
  );
  const typing = useChats((state) => state.typing[summary.id]);
  const rows = useMemo(() => rowsOf(messages, { complete, unreadFrom }), [messages, complete, unreadFrom]);
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const seen = useRef({ top: 0, height: 0 });
  const hand = useRef(Number.NEGATIVE_INFINITY);
  const touched = useCallback(() => {
    hand.current = performance.now();
  }, []);
  /** The day whose heading opened the calendar. */
  const [day, setDay] = useState<number>();
  /** The message that was jumped to, for a moment. */
  const [marked, setMarked] = useState<MessageId>();
  const [away, setAway] = useState(false);
  const painted = usePainted(messages.length > 0);
  // What is in the window first; the rest once that has been painted.
  const shown = useMemo(() => (painted ? rows : rowsFilling(rows, innerHeight - aroundList)), [rows, painted]);
  const top = shown[0]?.key;
  const start = useRef({ top, stretch });
  // The first rows, and older ones later, arrive above: the list keeps its place from the end.
  const shift = start.current.stretch === stretch && start.current.top !== top;
  const lastId = messages.at(-1)?.id;

  useLayoutEffect(() => {
    start.current = { top, stretch };
  });

  const toEnd = useCallback(() => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  /** The reader is at the end now, or has left it. */
  const stand = useCallback(
    (end: boolean) => {
      atEnd.current = end;
      setAway(!end);
      model.atEnd(end);
    },
    [model],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: these say that something was added at the end
  useLayoutEffect(() => {
    if (atEnd.current || (sent !== undefined && sent === lastId)) toEnd();
  }, [lastId, typing, loaded, sent]);

  // Where what is loaded does not fill the window nothing scrolls, and nothing would ask for more.
  useEffect(() => {
    const element = scroller.current;
    if (
      painted &&
      loaded &&
      !complete &&
      element &&
      messages.length > 0 &&
      element.scrollHeight <= element.clientHeight
    ) {
      void model.loadOlder();
    }
  }, [model, painted, loaded, complete, messages]);

  // Sizes are measured after the first paint, and the keyboard of a phone changes the height: stay at the end.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const watch = new ResizeObserver(() => atEnd.current && toEnd());
    watch.observe(element);
    for (const child of element.children) watch.observe(child);
    return () => watch.disconnect();
  }, [toEnd]);

  useEffect(() => {
    if (!target || !painted) return;
    model.store.setState({ target: undefined });
    const index = rows.findIndex((row) =>
      "day" in target
        ? row.kind === "day" && row.at >= target.day
        : row.kind === "message" && row.message.id === target.message,
    );
    if (index < 0) return toEnd();
    touched();
    const element = scroller.current;
    // Where everything is in view nothing scrolls, and nobody is away from the end.
    if (element && element.scrollHeight - element.clientHeight >= nearEnd) stand(false);
    list.current?.scrollToIndex(index, { align: "day" in target ? "start" : "center" });
    if ("message" in target) setMarked(target.message);
  }, [model, target, painted, rows, toEnd, touched, stand]);
  useEffect(() => {
    if (marked === undefined) return;
    const timer = setTimeout(() => setMarked(undefined), markedMs);
    return () => clearTimeout(timer);
  }, [marked]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const bottom = scrollHeight - scrollTop - clientHeight < nearEnd;
    if (bottom && !latest) void model.loadNewer();
    const end = bottom && latest;
    // Rows are measured as they appear, and the keyboard takes room: who reads the end stays there unless they go.
    const now = performance.now();
    const byHand = now - hand.current < gestureMs;
    if (byHand) hand.current = now; // a flick goes on by itself
    const went = scrollHeight === seen.current.height && scrollTop < seen.current.top - 1;
    seen.current = { top: scrollTop, height: scrollHeight };
    if (atEnd.current && !end && !byHand && !went) return toEnd();
    if (end !== atEnd.current) stand(end);
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
          <Virtualizer key={stretch} ref={list} data={shown} shift={shift} scrollRef={scroller} bufferSize={400}>
            {(row) => (
              <RowView
                key={row.key}
                row={row}
                model={model}
                summary={summary}
                marked={row.kind === "message" && row.message.id === marked}
                onDay={setDay}
              />
            )}
          </Virtualizer>
        </div>
        <div className="min-h-3 pb-2">{typing && <Typing summary={summary} people={typing} />}</div>
      </div>
      {day !== undefined && (
        <DateJump
          at={day}
          from={complete || summary.kind === "group" ? (messages[0]?.at ?? day) : Math.min(summary.contact.since, day)}
          to={Date.now()}
          onClose={() => setDay(undefined)}
          onChoose={(at) => {
            setDay(undefined);
            void model.goToDay(at);
          }}
        />
      )}
      {away && (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <Button
            small
            look={below > 0 ? "primary" : "outline"}
            aria-label={below > 0 ? t("newMessages", { count: below }) : t("toLatest")}
            onClick={() => {
              void model.toLatest().then(() => {
                toEnd();
                stand(true);
              });
            }}
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
