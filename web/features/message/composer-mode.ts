import type { MessageId, PublicId } from "../../lib/types.ts";

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
  | { kind: "edit"; id: MessageId; original: string };

/** What stands in the composer. `draft` is what was being written when an edit began. */
export interface ComposerState {
  mode: Mode;
  text: string;
  draft: string;
}

export const emptyComposer: ComposerState = { mode: { kind: "write" }, text: "", draft: "" };

/** An answer goes with what is being written; an edit that was open is given up. */
export function startReply(state: ComposerState, to: ReplyTo): ComposerState {
  const { text } = cancelMode(state);
  return { mode: { kind: "reply", to }, text, draft: "" };
}

/** The old words come into the composer; the unsent ones wait. */
export function startEdit(state: ComposerState, id: MessageId, original: string): ComposerState {
  const draft = state.mode.kind === "edit" ? state.draft : state.text;
  return { mode: { kind: "edit", id, original }, text: original, draft };
}

/** Escape: the edit is forgotten and the draft is back; an answer becomes a message of its own. */
export function cancelMode(state: ComposerState): ComposerState {
  return { mode: { kind: "write" }, text: state.mode.kind === "edit" ? state.draft : state.text, draft: "" };
}

/** After sending: nothing left of a message or an answer, the draft after an edit. */
export function afterSend(state: ComposerState): ComposerState {
  return { mode: { kind: "write" }, text: state.mode.kind === "edit" ? state.draft : "", draft: "" };
}

/** What sending would do now. An edit that changes nothing is only closed; blanks are never sent. */
export function whatToSend(state: ComposerState): { kind: "nothing" | "close" } | { kind: Mode["kind"]; text: string } {
  const text = state.text.trim();
  if (!text) return { kind: "nothing" };
  if (state.mode.kind === "edit" && text === state.mode.original.trim()) return { kind: "close" };
  return { kind: state.mode.kind, text };
}
