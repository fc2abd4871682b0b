import type { LinkCard } from "../../lib/types.ts";

/** Of what a person can type, in UTF-16 code units; the SDK takes no more. */
export const maxTitle = 200;
export const maxDescription = 400;

/** A card that is being written. Which link it is for follows from the text, at the moment of sending. */
export interface CardDraft {
  title: string;
  description: string;
  /** Of a card that another program made: it stays when the words are changed. */
  image?: string | undefined;
}

export const emptyCard: CardDraft = { title: "", description: "" };

export function draftOf(card: LinkCard | undefined): CardDraft | undefined {
  return card && { title: card.title, description: card.description ?? "", image: card.image };
}

/** Without a title there is no card: the link stays a link in the text. */
export function cardFor(url: string | undefined, draft: CardDraft | undefined): LinkCard | undefined {
  const title = draft?.title.trim();
  if (!url || !draft || !title) return undefined;
  const description = draft.description.trim();
  return { url, title, ...(description ? { description } : {}), ...(draft.image ? { image: draft.image } : {}) };
}

/** To be kept with the words; nothing where nothing was said. */
export function encodeCard(card: CardDraft | undefined): Uint8Array | undefined {
  if (sameCard(card, undefined)) return undefined;
  return new TextEncoder().encode(JSON.stringify(card));
}

/** Undefined for what is none, or too long to be typed. */
export function decodeCard(bytes: Uint8Array): CardDraft | undefined {
  try {
    const { title, description, image } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    if (typeof title !== "string" || title.length > maxTitle) return undefined;
    if (typeof description !== "string" || description.length > maxDescription) return undefined;
    return { title, description, ...(typeof image === "string" ? { image } : {}) };
  } catch {
    return undefined;
  }
}

export function sameCard(one: CardDraft | undefined, other: CardDraft | undefined): boolean {
  const words = (card: CardDraft | undefined) =>
    JSON.stringify([card?.title.trim() ?? "", card?.description.trim() ?? ""]);
  return words(one) === words(other);
}
