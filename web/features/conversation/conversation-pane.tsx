"use client";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { goTo } from "../../lib/hash.ts";
import { onDemand } from "../../lib/on-demand.ts";
import type { ConversationId, ConversationSummary } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { ClosedDoor } from "../../ui/drawings.tsx";
import { Empty } from "../../ui/empty.tsx";
import { OpenAgreement } from "../agreements/open-agreement.tsx";
import { useChats } from "../chats/model.ts";
import { GroupNotice } from "../groups/group-notice.tsx";
import { useClient } from "../session/use-client.ts";
import { ProblemNotice } from "../trust/problem-notice.tsx";
import { stopPlayback } from "../voice/playback.ts";
import { Announced } from "./announced.tsx";
import { Asked } from "./asked.tsx";
import { Composer } from "./composer.tsx";
import { Header } from "./header.tsx";
import { MessageList } from "./message-list.tsx";
import { type ConversationModel, openConversation } from "./model.ts";
import { titleOf } from "./names.ts";
import { type Pane, RoomMenu } from "./room-menu.tsx";
import { RoomPane } from "./room-pane.tsx";

const TrustSheet = onDemand(() => import("../trust/trust-sheet.tsx"));

export default function ConversationPane({ id }: { id: ConversationId }) {
  const client = useClient();
  const known = useChats((state) => state.loaded);
  const [model, setModel] = useState<ConversationModel>();
  useEffect(() => {
    if (!known) return;
    const opened = openConversation(client, id, useChats.getState().conversations[id]?.unread ?? 0);
    setModel(opened);
    return () => {
      opened.close();
      stopPlayback();
    };
  }, [client, id, known]);
  return model ? <Room id={id} model={model} /> : null;
}

function Room({ id, model }: { id: ConversationId; model: ConversationModel }) {
  const t = useTranslations("conversation");
  const summary = useChats((state) => state.conversations[id]);
  const missing = useStore(model.store, (state) => state.missing);
  if (missing) {
    return (
      <Empty drawing={<ClosedDoor />} action={<Button onClick={() => goTo(undefined)}>{t("toChats")}</Button>}>
        {t("notFound")}
      </Empty>
    );
  }
  return summary ? <Furnished model={model} summary={summary} /> : null;
}

function Furnished({ model, summary }: { model: ConversationModel; summary: ConversationSummary }) {
  const t = useTranslations("conversation");
  const announced = useStore(model.store, (state) => state.announced);
  const [trust, setTrust] = useState(false);
  const [pane, setPane] = useState<Pane>();
  const contact = summary.kind === "pair" ? summary.contact : undefined;
  const menu = <RoomMenu model={model} summary={summary} onOpen={setPane} />;
  return (
    <section aria-label={t("label", { name: titleOf(summary) })} className="relative flex h-full flex-col">
      <Header
        summary={summary}
        onDetails={() => (summary.kind === "group" ? setPane("group") : setTrust(true))}
        menu={menu}
      />
      {summary.kind === "group" && <GroupNotice summary={summary} onDetails={() => setPane("group")} />}
      {contact?.state === "connected" && contact.problem && (
        <div className="anim-fade shrink-0 border-b border-hairline bg-bad-soft px-4 py-3 wide:px-6">
          <ProblemNotice contact={contact} onCompare={() => setTrust(true)} />
        </div>
      )}
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <MessageList model={model} summary={summary} />
          <Composer model={model} summary={summary} onTimer={() => setPane("timer")} />
        </div>
        {pane && (
          <RoomPane
            pane={pane}
            model={model}
            summary={summary}
            onTrust={() => setTrust(true)}
            onClose={() => setPane(undefined)}
          />
        )}
      </div>
      <p aria-live="polite" className="sr-only">
        {announced && <Announced message={announced} summary={summary} />}
      </p>
      <Asked id={summary.id} model={model} />
      <OpenAgreement model={model} summary={summary} />
      {trust && <TrustSheet summary={summary} onClose={() => setTrust(false)} />}
    </section>
  );
}
