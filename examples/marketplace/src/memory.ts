import type { Hex } from "@skrumble/sdk";
import { type Listing, parseListing } from "@skrumble/sdk/jobs";

/** Listings that this browser has posted, by their hash, in case relays lose them. They are public: nothing here is secret. */

const nameOf = (hash: Hex) => `listing ${hash}`;

export function remember(hash: Hex, listing: Listing): void {
  const json = JSON.stringify(listing, (_, value) => (typeof value === "bigint" ? value.toString() : value));
  try {
    localStorage.setItem(nameOf(hash), json);
  } catch {
    // Without room for it the relays are the only ones who have it.
  }
}

export function recall(hash: Hex): Listing | undefined {
  const json = localStorage.getItem(nameOf(hash));
  try {
    return json === null ? undefined : parseListing(JSON.parse(json));
  } catch {
    return undefined;
  }
}
