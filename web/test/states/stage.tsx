import { findByRole, fireEvent, type queries, waitFor } from "@testing-library/dom";
import type { ComponentProps, ReactElement } from "react";
import { MessageRow } from "../../features/conversation/message-row.tsx";
import { type ConversationModel, openConversation } from "../../features/conversation/model.ts";
import { useSession } from "../../features/session/model.ts";
import type { Language } from "../../lib/language.ts";
import type { ConversationSummary, GroupSummary, Identity, Message, PairSummary } from "../../lib/types.ts";
import { fakeClient } from "../fake-client.ts";

/** One screen, and how a person gets there. */
export interface Scene {
  /** With a heading and a main part of its own. */
  isPage?: boolean;
  show(language: Language): ReactElement;
  /** What a person does until it is what is to be looked at. @param t what the dApp says */
  reach?(t: (key: string, values?: Record<string, string>) => string): Promise<void>;
}

/** In a state that is hard to come by. */
export interface State extends Scene {
  /** The name of words that are there then, in whose place there is nothing else. */
  shows: string;
}
export type States = Record<string, State>;

export const me: Identity = {
  ...{ pseudonym: "lin", publicId: `0x${"1".repeat(64)}`, wallet: `0x${"a".repeat(40)}` },
  ...{ keyVersion: 1, deviceKey: "0x0b" },
};
const idOf = (n: number) => `0x${String(n).repeat(64)}` as const;
type Name = readonly [string, string];
const names: Record<Language, Name> = {
  en: ["wei", "a-notary-with-a-very-long-pseudonym"],
  "zh-CN": ["阿伟", "名字特别长的公证处工作人员小王"],
};
const member = { role: "member", devices: 1 } as const;
const common = { unread: 0, flags: {}, timer: 0, certificate: { state: "waiting", since: 0 } } as const;

/** Everybody in a conversation but the person. */
export const others = (language: Language) => {
  const [first, second] = names[language];
  return [
    { pseudonym: first, publicId: idOf(2), ...member },
    { pseudonym: second, publicId: idOf(3), ...member },
  ] as const;
};
export const pairIn = (language: Language): PairSummary => ({
  ...{ id: "c", kind: "pair", ...common },
  contact: { publicId: idOf(2), pseudonym: names[language][0], state: "connected", since: 0, verified: false },
});
export const groupIn = (language: Language): GroupSummary => ({
  ...{ id: "c", kind: "group", ...common },
  group: {
    ...{ name: language === "en" ? "Tea" : "茶", description: "", role: "member", write: "all", join: "closed" },
    ...{ settling: false, pinned: [], invited: [], requests: [] },
    people: [{ publicId: me.publicId, pseudonym: me.pseudonym, ...member }, ...others(language)],
  },
});

/** Opens a client of these answers, and a conversation of it. */
export function enter(answers: Parameters<typeof fakeClient>[0], identity = me): ConversationModel {
  const conversation = { messages: async () => [], markRead: async () => {}, ...answers.conversation };
  const client = fakeClient({ ...answers, conversation });
  useSession.setState({ session: { status: "joined", client, identity } });
  return openConversation(client, "c", 0);
}

interface RowsProps {
  messages: readonly Message[];
  model: ConversationModel;
  summary: ConversationSummary;
}

/** Messages under each other, as in a conversation. */
export const Rows = ({ messages, model, summary }: RowsProps) => (
  <div style={{ maxWidth: 640, margin: "0 auto", padding: "0 12px", display: "grid", gap: 12 }}>
    {messages.map((message) => (
      <MessageRow key={message.id} row={rowOf(message)} model={model} summary={summary} />
    ))}
  </div>
);

const rowOf = (message: Message): ComponentProps<typeof MessageRow>["row"] => ({
  ...{ kind: "message", key: message.id, message, first: true, last: true },
});

type Role = Parameters<typeof queries.findByRole>[1];
/** What it is called goes on after a colon where there are several; a name that is written as a pattern need not be whole. */
const found = (role: Role, name: string | RegExp) => {
  const isIt = (all: string) =>
    name instanceof RegExp ? name.test(all) : all === name || all.startsWith(`${name}:`) || all.startsWith(`${name}：`);
  return findByRole(document.body, role, { name: isIt }, { timeout: 5_000 });
};

/** Resolves once these words are somewhere on the screen. @param words as the dictionary has them: `{value}` may be anything */
export const shown = (words: string): Promise<void> =>
  waitFor(
    () => {
      const parts = words.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      // What is in a closed part of the page, or for screen readers alone, counts.
      if (!new RegExp(parts.join(".*")).test(document.body.textContent)) throw new Error(`Nothing says: ${words}`);
    },
    { timeout: 10_000 },
  );

/** As a person does it, once it is there. */
export async function press(name: string | RegExp, role: Role = "button"): Promise<void> {
  const element = await found(role, name);
  await waitFor(() => {
    if ((element as HTMLButtonElement).disabled) throw new Error(`${name} cannot be pressed.`);
  });
  // Tabs answer as soon as they are touched.
  fireEvent.mouseDown(element, { button: 0 });
  fireEvent.click(element);
}
export async function write(name: string | RegExp, value: string): Promise<void> {
  fireEvent.change(await found("textbox", name), { target: { value } });
}
