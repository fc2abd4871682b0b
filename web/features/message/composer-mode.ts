import type { MessageId, PublicId } from "../../lib/types.ts";
import { type CardDraft, sameCard } from "../link-card/draft.ts";

/** The message that is being answered. */
export interface ReplyTo {
  id: MessageId;
  from: PublicId;
  /** Its words, or what stands for them. */
  preview: string;
}

export type Mode =
  | { kind: "write" }
  | { kind: "reply"; to: ReplyTo }
  | { kind: "edit"; id: MessageId; original: string; card?: CardDraft | undefined };

/** What stands in the composer. `draft` and `draftCard` are what was being written when an edit began. */
export interface ComposerState {
  mode: Mode;
  text: string;
  draft: string;
  /** What is said about the first link of the text. */
  card?: CardDraft | undefined;
  draftCard?: CardDraft | undefined;
}

export const emptyComposer: ComposerState = { mode: { kind: "write" }, text: "", draft: "" };

/** An answer goes with what is being written; an edit that was open is given up. */
export function startReply(state: ComposerState, to: ReplyTo): ComposerState {
  return { ...cancelMode(state), mode: { kind: "reply", to } };
}

/** The old words come into the composer; the unsent ones wait. */
export function startEdit(state: ComposerState, id: MessageId, original: string, card?: CardDraft): ComposerState {
  const { text: draft, card: draftCard } = cancelMode(state);
  return { mode: { kind: "edit", id, original, card }, text: original, draft, card, draftCard };
}

/** Escape: the edit is forgotten and the draft is back; an answer becomes a message of its own. */
export function cancelMode(state: ComposerState): ComposerState {
  const { mode, text, draft, card, draftCard } = state;
  const editing = mode.kind === "edit";
  return { mode: { kind: "write" }, text: editing ? draft : text, draft: "", card: editing ? draftCard : card };
}

/** After sending: nothing left of a message or an answer, the draft after an edit. */
export function afterSend(state: ComposerState): ComposerState {
  return state.mode.kind === "edit" ? cancelMode(state) : emptyComposer;
}

/** What sending would do now. An edit that changes nothing is only closed; blanks are never sent. */
export function whatToSend(state: ComposerState): { kind: "nothing" | "close" } | { kind: Mode["kind"]; text: string } {
  const text = state.text.trim();
  if (!text) return { kind: "nothing" };
  const { mode } = state;
  if (mode.kind === "edit" && text === mode.original.trim() && sameCard(state.card, mode.card))
    return { kind: "close" };
  return { kind: mode.kind, text };
}
