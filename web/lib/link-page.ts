/** A new device of one's own shows `#/link/…` to an old one. */
export const isDeviceLink = (hash: string): boolean => hash.startsWith("#/link/");

/** The page that opens a link, by its fragment: a group's, one's own new device's, else a person's. */
export function pageOfLink(hash: string): string {
  if (isDeviceLink(hash)) return `/approve/${hash}`;
  return hash.startsWith("#/join/") ? `/groups/join/${hash}` : `/add/${hash}`;
}

/** The fragment of a group's link within what was typed, pasted or scanned. */
export function groupFragment(text: string): string | undefined {
  const at = text.indexOf("#/join/");
  return at < 0 ? undefined : text.slice(at).trim();
}
