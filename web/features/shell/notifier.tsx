"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCallback, useEffect } from "react";
import { toast } from "sonner";
import { goTo, parsePlace } from "../../lib/hash.ts";
import { useCalls } from "../calls/model.ts";
import { unreadTotal, useChats } from "../chats/model.ts";
import { useContacts } from "../contacts/model.ts";
import { useKnocks } from "../groups/joins.ts";
import { membershipPath } from "../me/tier.ts";
import { useNotices } from "../notifications/use-notices.ts";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "./use-error-text.ts";

const ofTier = ["VIDEO_NOT_IN_TIER", "BACKUP_TIER_FELL"];

/** Tells what happens elsewhere: the page title, a notice in the background, a word about somebody's answer. */
export function Notifier() {
  const client = useClient();
  const contact = useTranslations("contact");
  const groups = useTranslations("groups");
  const me = useTranslations("me");
  const errorText = useErrorText();
  const router = useRouter();
  const unread = useChats((state) => unreadTotal(state.conversations));

  const startError = useCalls((state) => state.startError);
  // What a tier does not have leads to where one sees how much is missing.
  const wayOut = useCallback(
    (code: string) =>
      ofTier.includes(code)
        ? { action: { label: me("seeMissing"), onClick: () => router.push(membershipPath) }, duration: 10_000 }
        : {},
    [me, router],
  );

  useEffect(() => {
    if (!startError) return;
    toast(errorText(startError), wayOut(startError));
    // Said once: not again when the page or the language changes.
    useCalls.setState({ startError: undefined });
  }, [startError, errorText, wayOut]);

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

  const go = useCallback(
    (path: string) => {
      const place = parsePlace(path.slice(path.indexOf("#")));
      if (place && location.pathname.startsWith("/chats")) goTo(place);
      else router.push(path);
    },
    [router],
  );
  useNotices(client, go);

  useEffect(() => {
    const stops = [
      client.on("contacts", (changed) => {
        const before = useContacts.getState().contacts[changed.publicId]?.state;
        if (changed.state !== "connected" || before !== "request-sent" || !changed.conversationId) return;
        const place = parsePlace(location.hash);
        if (place && "person" in place && place.person === changed.publicId) go(`/chats/#c=${changed.conversationId}`);
        else toast(contact("accepted", { name: changed.pseudonym }));
      }),
      client.on("problem", ({ code }) => {
        // Said for as long as it is so (features/devices/revoked-line.tsx).
        if (code !== "DEVICE_REVOKED")
          toast(errorText(code as Parameters<typeof errorText>[0]), { id: code, ...wayOut(code) });
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, go, contact, errorText, wayOut]);
  return null;
}
