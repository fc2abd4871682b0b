import { joinParts, lastingPart, ratchetParts } from "../crypto/mls/groupParts.ts";
import type { MlsGroup } from "../crypto/mls/state.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Vault, VaultOp } from "../store/index.ts";

/** Where the vault keeps MLS groups: a message writes the ratchet it used, an epoch the rest. */

const groupsAt = "group";
const ratchetsAt = (route: string) => `ratchets ${route}`;

/** @throws SkrumbleError STORE_CORRUPT, STORE_VERSION */
export async function readGroup(vault: Pick<Vault, "get" | "range">, route: string): Promise<MlsGroup> {
  const lasting = await vault.get<Uint8Array>(groupsAt, route);
  if (!lasting) throw new SkrumbleError("STORE_CORRUPT", { details: "A group is missing." });
  const ratchets = await vault.range<Uint8Array>(ratchetsAt(route));
  return joinParts(
    lasting,
    ratchets.map(({ value }) => value),
  );
}

/** @param before what is on disk; undefined when that is not known, and then everything is written */
export function groupOps(route: string, before: MlsGroup | undefined, group: MlsGroup): VaultOp[] {
  const lasting = lastingPart(before, group);
  return [
    ...(lasting ? [{ collection: groupsAt, key: route, value: lasting }] : []),
    ...(before ? [] : [{ collection: ratchetsAt(route), drop: true } as const]),
    ...ratchetParts(before, group).map(({ name, bytes }): VaultOp => {
      const at = { collection: ratchetsAt(route), key: name };
      return bytes ? { ...at, value: bytes } : { ...at, delete: true };
    }),
  ];
}

export const forgetGroup = (route: string): VaultOp[] => [
  { collection: groupsAt, key: route, delete: true },
  { collection: ratchetsAt(route), drop: true },
];
