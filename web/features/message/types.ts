import type { PublicId } from "../../lib/types.ts";

/** Name of a person as this reader knows them. */
export type NameOf = (person: PublicId) => string;
