import { alone } from "./alone.ts";
import { eraseAll } from "./database.ts";

/** The way out when the code is forgotten: deletes records, keys and lock. @throws SkrumbleError ALREADY_OPEN, STORE_FAILED */
export function eraseStore(name?: string): Promise<void> {
  return alone(name, eraseAll);
}
