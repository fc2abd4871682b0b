"use client";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useEffect, useState } from "react";
import { useStore } from "zustand";
import { goTo } from "../../lib/hash.ts";
import type { ConversationId } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { ClosedDoor } from "../../ui/drawings.tsx";
import { Empty } from "../../ui/empty.tsx";
import { useChats } from "../chats/model.ts";
import { useClient } from "../session/use-client.ts";
import { ProblemNotice } from "../trust/problem-notice.tsx";
import { Composer } from "./composer.tsx";
import { Header } from "./header.tsx";
import { MessageList } from "./message-list.tsx";
import { type ConversationModel, openConversation } from "./model.ts";

const TrustSheet = lazy(() => import("../trust/trust-sheet.tsx"));

export default function ConversationPane({ id }: { id: ConversationId }) {
  const client = useClient();
  const known = useChats((state) => state.loaded);
  const [model, setModel] = useState<ConversationModel>();
  useEffect(() => {
    if (!known) return;
    const opened = openConversation(client, id, useChats.getState().conversations[id]?.unread ?? 0);
    setModel(opened);
    return () => opened.close();
  }, [client, id, known]);
  return model ? <Room id={id} model={model} /> : null;
}

function Room({ id, model }: { id: ConversationId; model: ConversationModel }) {
  const t = useTranslations("conversation");
  const summary = useChats((state) => state.conversations[id]);
  const missing = useStore(model.store, (state) => state.missing);
  const announced = useStore(model.store, (state) => state.announced);
  const [trust, setTrust] = useState(false);
  if (missing) {
    return (
      <Empty drawing={<ClosedDoor />} action={<Button onClick={() => goTo(undefined)}>{t("toChats")}</Button>}>
        {t("notFound")}
      </Empty>
    );
  }
  if (!summary) return null;
  const name = summary.contact.pseudonym;
  return (
    <section aria-label={t("label", { name })} className="flex h-full flex-col">
      <Header summary={summary} onTrust={() => setTrust(true)} />
      {summary.contact.state === "connected" && summary.contact.problem && (
        <div className="anim-fade shrink-0 border-b border-hairline bg-bad-soft px-4 py-3 wide:px-6">
          <ProblemNotice contact={summary.contact} onCompare={() => setTrust(true)} />
        </div>
      )}
      <MessageList model={model} summary={summary} />
      <Composer model={model} summary={summary} />
      <p aria-live="polite" className="sr-only">
        {announced?.body.type === "text" && t("says", { name, text: announced.body.text })}
      </p>
      {trust && (
        <Suspense fallback={null}>
          <TrustSheet summary={summary} onClose={() => setTrust(false)} />
        </Suspense>
      )}
    </section>
  );
}
