"use client";
import { useEffect, useRef } from "react";
import { usePreferences } from "../../lib/preferences.ts";
import type { Client, ConversationSummary, PublicId } from "../../lib/types.ts";
import { useChats } from "../chats/model.ts";
import { useContacts } from "../contacts/model.ts";
import { shortId } from "../contacts/short-id.ts";
import { useSession } from "../session/model.ts";
import { hearNoticeClicks } from "./clicks.ts";
import type { Notice } from "./decide.ts";
import { closeNotices, showNotice } from "./show.ts";
import { useNoticeWords } from "./words.ts";

/** A message tells of itself again when somebody reacts to it or changes it: once is enough. */
const mostTold = 500;

/** Tells outside of the page what happens while nobody looks at it, and takes it back once it was read. */
export function useNotices(client: Client, goTo: (path: string) => void): void {
  const words = useNoticeWords();
  const told = useRef(new Set<string>());
  useEffect(() => {
    const circumstances = () => ({
      content: usePreferences.getState().noticeContent,
      attentive: document.visibilityState === "visible" && document.hasFocus(),
      now: Date.now(),
      me: client.identity?.publicId ?? "0x",
    });
    // Loaded where notices are wanted: it knows how to read a text, which most pages need not.
    const tell = async (decide: (how: typeof import("./decide.ts")) => Notice | undefined) => {
      if (!usePreferences.getState().notifications || follows()) return;
      try {
        const notice = decide(await import("./decide.ts"));
        if (!notice) return;
        const { tag, path, kind } = notice;
        await showNotice({ ...words(notice), tag, path, waits: kind === "call" }, goTo);
      } catch {
        // the list and the title of the page tell it, too
      }
    };
    const tellOf = (kind: "request" | "call", tag: string, name: string) => {
      const now = circumstances();
      return tell(({ noticeOfPerson }) => noticeOfPerson(kind, tag, name, now));
    };
    const close = (tag: string) => void closeNotices(tag).catch(() => undefined);
    const stops = [
      client.on("message", (message) => {
        if (message.body.type === "deleted") close(message.conversationId);
        if (message.outgoing || told.current.has(message.id)) return;
        if (message.body.type === "payment" && message.body.state !== "final") return;
        if (told.current.size >= mostTold) told.current.clear();
        told.current.add(message.id);
        const summary = useChats.getState().conversations[message.conversationId];
        const now = circumstances();
        void tell(({ noticeOfMessage }) => noticeOfMessage(message, summary, (person) => nameIn(summary, person), now));
      }),
      client.on("removed", ({ conversationId }) => close(conversationId)),
      client.on("conversation", ({ id, unread }) => {
        if (unread === 0) close(id);
      }),
      client.on("contacts", ({ publicId, pseudonym, state }) => {
        const before = useContacts.getState().contacts[publicId]?.state;
        if (state !== "request-received") close(publicId);
        else if (before !== state) void tellOf("request", publicId, pseudonym);
      }),
      client.on("call", (call) => {
        const { direction, contact } = call.snapshot();
        if (direction !== "in") return;
        const closeOnceTaken = () => {
          if (call.snapshot().state !== "ringing-in") close(call.id);
        };
        void tellOf("call", call.id, contact.pseudonym).then(closeOnceTaken);
        call.on("change", closeOnceTaken);
      }),
      hearNoticeClicks(goTo, follows),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, goTo, words]);
}

/** The tab that leads tells of it, once. */
function follows(): boolean {
  const { session } = useSession.getState();
  return session.status === "joined" && session.follows === true;
}

function nameIn(summary: ConversationSummary | undefined, person: PublicId): string {
  if (summary?.kind === "pair") return summary.contact.pseudonym;
  return summary?.group.people.find(({ publicId }) => publicId === person)?.pseudonym ?? shortId(person);
}
