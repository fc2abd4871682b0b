import type { Core } from "../../client/core.ts";
import { fromBase64Url, toBase64Url } from "../../crypto/bytes.ts";
import { decodeGroup, encodeGroup, type MlsGroup } from "../../crypto/mls/state.ts";
import type { VaultOp } from "../../store/index.ts";
import type { PublicId } from "../../types/primitives.ts";
import type { Intent } from "./intents.ts";

/** A commit of this device that has not won or lost yet. On disk before a relay hears of it. */
export interface Pending {
  route: string;
  /** The epoch it ends. */
  branch: string;
  commit: Uint8Array;
  next: MlsGroup;
  intents: Intent[];
  welcome?: Uint8Array;
  /** Who gets the welcome, and the request that it answers. */
  entries: { publicId: PublicId; nonce: string }[];
}

interface Row {
  branch: string;
  commit: string;
  intents: Intent[];
  welcome?: string;
  entries: Pending["entries"];
}

const rowsAt = "pending commit";
const groupsAt = "pending group";

export async function loadPending(core: Core, route: string): Promise<Pending | undefined> {
  const row = await core.vault.get<Row>(rowsAt, route);
  const bytes = row && (await core.vault.get<Uint8Array>(groupsAt, route));
  if (!row || !bytes) return undefined;
  const { branch, commit, intents, welcome, entries } = row;
  return {
    route,
    branch,
    commit: fromBase64Url(commit),
    next: decodeGroup(bytes),
    intents,
    entries,
    ...(welcome ? { welcome: fromBase64Url(welcome) } : {}),
  };
}

export const pendingOps = ({ route, branch, commit, next, intents, welcome, entries }: Pending): VaultOp[] => [
  {
    collection: rowsAt,
    key: route,
    value: {
      branch,
      commit: toBase64Url(commit),
      intents,
      entries,
      ...(welcome ? { welcome: toBase64Url(welcome) } : {}),
    } satisfies Row,
  },
  { collection: groupsAt, key: route, value: encodeGroup(next) },
];

export const forgetPending = (route: string): VaultOp[] => [
  { collection: rowsAt, key: route, delete: true },
  { collection: groupsAt, key: route, delete: true },
];
