import type { PublicId } from "../../lib/types.ts";

/** Somebody who may be mentioned; the text holds `@` and the name. */
export interface Mentionable {
  publicId: PublicId;
  name: string;
}

/** Why an address is shown as plain text: not http(s), letters that only look familiar, or a label that names another place. */
export type UnsafeReason = "scheme" | "look-alike" | "disguised";

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "strong" | "em" | "strike"; children: Inline[] }
  | { kind: "code"; text: string }
  /** `host` is there when the text does not show where the link goes. */
  | { kind: "link"; text: string; href: string; host?: string }
  | { kind: "unsafe"; text: string; reason: UnsafeReason }
  | { kind: "mention"; text: string; publicId: PublicId };

export type Block =
  | { kind: "text"; inlines: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "list"; start: number | undefined; items: Inline[][] };
