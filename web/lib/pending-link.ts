/** A link somebody opened before they had joined; it waits in this tab until they have. */
const entry = "skrumble.link";

export function keepLink(link: string): void {
  try {
    sessionStorage.setItem(entry, link.slice(0, 2_048));
  } catch {
    // without storage they open the link once more
  }
}

export function pendingLink(): string | undefined {
  try {
    return sessionStorage.getItem(entry) ?? undefined;
  } catch {
    return undefined;
  }
}

export function takeLink(): string | undefined {
  const link = pendingLink();
  if (link) sessionStorage.removeItem(entry);
  return link;
}
