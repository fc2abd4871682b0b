/** The page that opens a link, by its fragment: `#/join/…` leads to a group, everything else to a person. */
export function pageOfLink(hash: string): string {
  return hash.startsWith("#/join/") ? `/groups/join/${hash}` : `/add/${hash}`;
}

/** The fragment of a group's link within what was typed, pasted or scanned. */
export function groupFragment(text: string): string | undefined {
  const at = text.indexOf("#/join/");
  return at < 0 ? undefined : text.slice(at).trim();
}
