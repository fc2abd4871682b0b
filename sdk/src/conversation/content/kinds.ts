/** What can be done with which kind of message. */

/** Of a message's body, or of a content that becomes one. */
type Kind = { type: string };

/** Somebody said it to the others: it is confirmed, read and reacted to. */
export const isSaid = ({ type }: Kind): boolean =>
  isWord({ type }) || type === "payment" || type === "request" || type === "packet" || type === "agreement";

/** Words alone: they can be deleted for everyone, and shared with who comes later. What was paid stays paid. */
export const isWord = ({ type }: Kind): boolean => type === "text" || type === "voice";
