/** Small, harmless choices that may be lost (theme, language). Secrets and words people wrote live in the vault. */
type Key = "theme" | "language" | "joined" | "preferences" | "network" | "lockLabel";

export function readLocal(key: Key): string | null {
  try {
    return localStorage.getItem(`skrumble.${key}`);
  } catch {
    return null; // storage may be refused in private windows
  }
}

export function writeLocal(key: Key, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`skrumble.${key}`);
    else localStorage.setItem(`skrumble.${key}`, value);
  } catch {
    // the choice then lasts until the page closes
  }
}
