"use client";
import { useEffect } from "react";
import { create } from "zustand";
import { withLateWords } from "../../lib/language.ts";
import { onDemand } from "../../lib/on-demand.ts";
import type { ConversationSummary, MessageId } from "../../lib/types.ts";
import type { ConversationModel } from "../conversation/model.ts";
import { useNameOf } from "../conversation/names.ts";
import { useClient } from "../session/use-client.ts";
import type { Tab } from "./agreement-sheet.tsx";
import { sharedConversation } from "./use-agreement.ts";

export const AgreementSheet = onDemand(() => withLateWords(import("./agreement-sheet.tsx")));

interface Opened {
  id: MessageId;
  start: Tab;
}

/** The agreement whose sheet is open. Not the card's own: it goes when it is scrolled away, and the sheet has to stay. */
const useOpened = create<{ opened: Opened | undefined }>(() => ({ opened: undefined }));

export const openAgreement = (opened: Opened): void => useOpened.setState({ opened });

const close = () => useOpened.setState({ opened: undefined });

/** Where the sheet of an agreement stands: once in a conversation. */
export function OpenAgreement({ model, summary }: { model: ConversationModel; summary: ConversationSummary }) {
  const opened = useOpened((state) => state.opened);
  const client = useClient();
  const nameOf = useNameOf(summary);
  useEffect(() => close, []);
  if (!opened) return null;
  const conversation = sharedConversation(client, summary.id);
  return <AgreementSheet {...opened} {...{ conversation, model, summary, nameOf }} onClose={close} />;
}
