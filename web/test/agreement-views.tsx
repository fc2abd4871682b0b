import { act, screen } from "@testing-library/react";
import { vi } from "vitest";
import { OpenAgreement } from "../features/agreements/open-agreement.tsx";
import { MessageRow } from "../features/conversation/message-row.tsx";
import { openConversation } from "../features/conversation/model.ts";
import { useSession } from "../features/session/model.ts";
import type {
  AgreementBody,
  AgreementStep,
  AgreementView,
  Conversation,
  ConversationAgreements,
  ConversationSummary,
  Kept,
  Money,
} from "../lib/types.ts";
import { asset, base, client, group, identity, one, worker } from "./agreement-fixtures.ts";
import { fakeClient, settle, textMessage } from "./fake-client.ts";
import { show } from "./show.tsx";

export * from "./agreement-fixtures.ts";

let listening: (view: AgreementView) => void = () => {};
/** What a look at the agreement shows from now on. */
export const tell = (view: AgreementView) => act(() => listening(view));
let failing: ((problem: { code: string }) => void) | undefined;
export const fail = (code: string) => act(() => failing?.({ code }));
export const kept = new Map<string, Uint8Array>();
export function open(agreements: Partial<ConversationAgreements> = {}, money: Partial<Money> = {}) {
  const watch: ConversationAgreements["watch"] = (_, listener, failed) => {
    listening = listener;
    failing = failed;
    return () => {};
  };
  const party: ConversationAgreements["party"] = async (person) =>
    base.parties.find(({ publicId }) => publicId === person) ?? client;
  const fake = fakeClient({
    conversation: {
      ...{ messages: async () => [], markRead: async () => {} },
      agreements: { watch, party, lookAlikes: async () => [], ...agreements } as ConversationAgreements,
    },
    client: {
      kept: {
        get: async (name) => kept.get(name),
        put: async (name, value) => void kept.set(name, value),
        remove: async (name) => void kept.delete(name),
      } as Kept,
      money: {
        chains: async () => [{ chainId: base.chainId, name: "Home", home: true }],
        holdings: async () => [{ asset, balance: 100n * one }],
        ...money,
      } as Partial<Money> as Money,
    },
  });
  useSession.setState({ session: { status: "joined", client: fake, identity } });
  return { model: openConversation(fake, "c", 0), conversation: fake.conversations.open("c") as Conversation };
}
export async function card(
  step: AgreementStep,
  agreements: Partial<ConversationAgreements> = {},
  language: "en" | "zh-CN" = "en",
  summary: ConversationSummary = group,
) {
  const { model } = open(agreements);
  await act(settle);
  const body: AgreementBody = { type: "agreement", agreement: "m", step };
  const message = { ...textMessage("m", 1), from: worker.publicId, outgoing: false, body };
  show(
    <>
      <MessageRow
        row={{ kind: "message", key: "m", message, first: true, last: true }}
        model={model}
        summary={summary}
      />
      <OpenAgreement model={model} summary={summary} />
    </>,
    language,
  );
  await act(settle);
  await vi.waitFor(() => screen.getByRole("article"));
}
