/** Small, harmless choices that may be lost (theme, language). Secrets and words people wrote live in the vault. */
type Key = "theme" | "language" | "joined" | "preferences" | "network" | "lockLabel";

/** Its name in the browser, as events of other tabs tell it. */
export const localKey = (key: Key): string => `skrumble.${key}`;

export function readLocal(key: Key): string | null {
  try {
    return localStorage.getItem(localKey(key));
  } catch {
    return null; // storage may be refused in private windows
  }
}

export function writeLocal(key: Key, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(localKey(key));
    else localStorage.setItem(localKey(key), value);
  } catch {
    // the choice then lasts until the page closes
  }
}
