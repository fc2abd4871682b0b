"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { toast } from "sonner";
import { goTo, parsePlace } from "../../lib/hash.ts";
import { usePreferences } from "../../lib/preferences.ts";
import { useCalls } from "../calls/model.ts";
import { unreadTotal, useChats } from "../chats/model.ts";
import { useContacts } from "../contacts/model.ts";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "./use-error-text.ts";

/** Tells what happens elsewhere: the page title, a notification in the background, a word about somebody's answer. */
export function Notifier() {
  const client = useClient();
  const t = useTranslations("notify");
  const contact = useTranslations("contact");
  const errorText = useErrorText();
  const router = useRouter();
  const unread = useChats((state) => unreadTotal(state.conversations));

  const startError = useCalls((state) => state.startError);

  useEffect(() => {
    if (startError) toast(errorText(startError));
  }, [startError, errorText]);

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
        if (message.outgoing || message.delivery === "read" || message.body.type !== "text") return;
        if (Date.now() - message.at > 60_000) return; // what came while away is in the list
        const from = useContacts.getState().contacts[message.from];
        if (from)
          show(t("message", { name: from.pseudonym }), message.conversationId, () => visit(message.conversationId));
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
      client.on("problem", ({ code }) => toast(errorText(code as Parameters<typeof errorText>[0]), { id: code })),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, router, t, contact, errorText]);
  return null;
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
