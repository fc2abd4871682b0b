import { useTranslations } from "next-intl";
import { useCallback } from "react";
import type { Notice } from "./decide.ts";

/** Title and body of a notice, in the reader's language. */
export function useNoticeWords(): (notice: Notice) => { title: string; body: string } {
  const t = useTranslations("notifications");
  const chats = useTranslations("chats");
  return useCallback(
    ({ kind, name, group, text }) => {
      if (!name) return { title: "Skrumble", body: t(kind === "call" ? "someCall" : "something") };
      if (kind === "request" || kind === "call") return { title: name, body: t(kind) };
      const words = text ?? t(kind);
      return group ? { title: group, body: chats("from", { name, text: words }) } : { title: name, body: words };
    },
    [t, chats],
  );
}
