import { checkLink } from "../../lib/links.ts";

export interface ShownHost {
  /** For people's eyes, with the port; in punycode where it could be taken for another one. */
  shown: string;
  lookAlike: boolean;
}

/** Where a link really leads. Undefined for what is no link that may be opened. */
export function hostOf(address: string): ShownHost | undefined {
  const checked = checkLink(address);
  if (!checked || "problem" in checked) return undefined;
  const { port } = new URL(checked.url);
  return { shown: port ? `${checked.shown}:${port}` : checked.shown, lookAlike: checked.lookAlike };
}
