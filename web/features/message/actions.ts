import type { DeliveryState, MessageBody } from "../../lib/types.ts";

export type MessageAction =
  | "reply"
  | "copy"
  | "edit"
  | "forward"
  | "star"
  | "pin"
  | "delete-for-me"
  | "delete-for-everyone";

/** What has moved money or binds people cannot be taken back, and is nobody else's to pass on. */
const binding: readonly MessageBody["type"][] = ["payment", "request", "packet", "agreement"];

/** Own words can be changed for a day. The SDK refuses later edits whoever asks. */
export const editableMs = 24 * 60 * 60_000;

export interface ActionInput {
  kind: MessageBody["type"];
  outgoing: boolean;
  at: number;
  delivery: DeliveryState;
  /** The sound of a voice message is not here. */
  silent?: boolean;
  /** The reader may write here: contact connected, or allowed by the group. */
  canWrite: boolean;
  /** Role in the group; undefined where two talk. */
  role?: "admin" | "member";
}

/** What can be done with a message now, in the order of the menu. */
export function actionsOf(message: ActionInput, now: number): MessageAction[] {
  const { kind, outgoing, canWrite, role } = message;
  if (kind === "notice") return [];
  if (kind === "call" || kind === "deleted") return ["delete-for-me"];
  const there = message.delivery !== "failed" && message.delivery !== "sending";
  const text = kind === "text";
  const possible: [MessageAction, boolean][] = [
    ["reply", there && canWrite],
    ["copy", text],
    ["edit", text && outgoing && there && canWrite && now - message.at < editableMs],
    ["forward", there && !message.silent && !binding.includes(kind)],
    ["star", there],
    ["pin", there && role === "admin"],
    // Of an agreement, too: while anything depends on it the SDK says no.
    ["delete-for-me", true],
    ["delete-for-everyone", there && canWrite && !binding.includes(kind) && (outgoing || role === "admin")],
  ];
  return possible.filter(([, yes]) => yes).map(([action]) => action);
}

/** Reactions are for what has arrived and can be answered. */
export function canReact(message: ActionInput): boolean {
  return message.canWrite && actionsOf(message, message.at).includes("reply");
}
