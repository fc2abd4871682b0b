/**
 * Names of records at rest. The first key hides the plain name; every further one hides what the one before it made,
 * because a name that is hidden once can never be made plain again to hide it under another key.
 */
export async function hideName(keys: readonly CryptoKey[], text: string): Promise<string> {
  let name = text;
  for (const key of keys) name = await mac(key, name);
  return name;
}

/** Hides a whole place (`collection/name`, or `collection/n` and a number) under one more key. */
export async function hidePlace(key: CryptoKey, place: string): Promise<string> {
  const slash = place.indexOf("/");
  const [collection, name] = [place.slice(0, slash), place.slice(slash + 1)];
  return `${await mac(key, collection)}/${name.startsWith("n") ? name : await mac(key, name)}`;
}

async function mac(key: CryptoKey, text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)), 0, 16);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
