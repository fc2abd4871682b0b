import { arrows } from "./rules/arrows.ts";
import { browserSdk } from "./rules/browserSdk.ts";
import { contractRules } from "./rules/contracts.ts";
import { fileLength } from "./rules/fileLength.ts";
import { leftovers } from "./rules/leftovers.ts";
import { privatePlaces } from "./rules/privatePlaces.ts";
import { pureCores } from "./rules/pureCores.ts";
import { wholeLock } from "./rules/wholeLock.ts";
import type { Rule } from "./source.ts";

/** The house rules that no ready-made linter knows. */
export const RULES: readonly Rule[] = [
  arrows,
  pureCores,
  browserSdk,
  contractRules,
  fileLength,
  leftovers,
  privatePlaces,
  wholeLock,
];
