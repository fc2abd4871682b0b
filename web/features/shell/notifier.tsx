"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { toast } from "sonner";
import { goTo, parsePlace } from "../../lib/hash.ts";
import { usePreferences } from "../../lib/preferences.ts";
import type { GroupView, PublicId } from "../../lib/types.ts";
import { useCalls } from "../calls/model.ts";
import { isMuted, unreadTotal, useChats } from "../chats/model.ts";
import { useContacts } from "../contacts/model.ts";
import { shortId } from "../contacts/short-id.ts";
import { useKnocks } from "../groups/joins.ts";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "./use-error-text.ts";

/** Tells what happens elsewhere: the page title, a notification in the background, a word about somebody's answer. */
export function Notifier() {
  const client = useClient();
  const t = useTranslations("notify");
  const contact = useTranslations("contact");
  const groups = useTranslations("groups");
  const errorText = useErrorText();
  const router = useRouter();
  const unread = useChats((state) => unreadTotal(state.conversations));

  const startError = useCalls((state) => state.startError);

  useEffect(() => {
    if (startError) toast(errorText(startError));
  }, [startError, errorText]);

  useEffect(
    () =>
      useKnocks.subscribe(({ knocks }, { knocks: before }) => {
        // The page that knocked says it itself.
        if (location.pathname.startsWith("/groups/join")) return;
        for (const [id, { name, state }] of Object.entries(knocks)) {
          if (before[id]?.state === state) continue;
          if (state === "in") toast(groups("cameIn", { name }));
          if (state === "refused") toast(groups("refused", { name }));
        }
      }),
    [groups],
  );

  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Skrumble` : "Skrumble";
  }, [unread]);

  useEffect(() => {
    const visit = (conversation: string) => {
      if (location.pathname.startsWith("/chats")) goTo({ conversation });
      else router.push(`/chats/#c=${conversation}`);
    };
    const stops = [
      client.on("message", (message) => {
        const { type } = message.body;
        if (message.outgoing || message.delivery === "read" || (type !== "text" && type !== "voice")) return;
        if (Date.now() - message.at > 60_000) return; // what came while away is in the list
        const summary = useChats.getState().conversations[message.conversationId];
        if (!summary || isMuted(summary)) return;
        const words =
          summary.kind === "pair"
            ? t("message", { name: summary.contact.pseudonym })
            : t("messageIn", { name: nameIn(summary.group, message.from), group: summary.group.name });
        show(words, message.conversationId, () => visit(message.conversationId));
      }),
      client.on("contacts", (changed) => {
        const before = useContacts.getState().contacts[changed.publicId]?.state;
        if (changed.state === "request-received" && before !== "request-received") {
          show(t("request", { name: changed.pseudonym }), changed.publicId, () => router.push("/chats/"));
        }
        if (changed.state === "connected" && before === "request-sent" && changed.conversationId) {
          const { conversationId } = changed;
          const place = parsePlace(location.hash);
          if (place && "person" in place && place.person === changed.publicId) visit(conversationId);
          else toast(contact("accepted", { name: changed.pseudonym }));
        }
      }),
      client.on("call", (call) => {
        const { direction, contact: from } = call.snapshot();
        if (direction === "in") show(t("call", { name: from.pseudonym }), call.id, () => undefined);
      }),
      client.on("problem", ({ code }) => {
        // Said for as long as it is so (features/devices/revoked-line.tsx).
        if (code !== "DEVICE_REVOKED") toast(errorText(code as Parameters<typeof errorText>[0]), { id: code });
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, router, t, contact, errorText]);
  return null;
}

function nameIn({ people }: GroupView, publicId: PublicId): string {
  return people.find((person) => person.publicId === publicId)?.pseudonym ?? shortId(publicId);
}

/** Says that somebody wrote, never what. */
function show(text: string, tag: string, onClick: () => void): void {
  const wanted = usePreferences.getState().notifications && document.visibilityState === "hidden";
  if (!wanted || !("Notification" in window) || Notification.permission !== "granted") return;
  try {
    const notification = new Notification(text, { tag, icon: "/icons/icon-192.png" });
    notification.onclick = () => {
      window.focus();
      notification.close();
      onClick();
    };
  } catch {
    // some phones allow notifications from service workers only; the title still counts
  }
}
