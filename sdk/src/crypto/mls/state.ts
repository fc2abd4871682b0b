import { type ClientState, clientStateDecoder, mlsExporter, nodeTypes } from "ts-mls";
import { SkrumbleError } from "../../errors/index.ts";
import { type Bytes, concat, equalBytes, u64, utf8 } from "../bytes.ts";
import { sha256 } from "../hash.ts";
import { claimOf, type DeviceClaim } from "./credential.ts";
import { decodeOrUndefined } from "./decode.ts";
import { encodeState } from "./encodeGroup.ts";
import { groupStateType } from "./extension.ts";
import { mlsSuite } from "./suite.ts";

/** State of one group. Opaque; every operation returns the next one, which must be kept before its result is used. */
export type MlsGroup = ClientState;

/** Version 1 kept the secrets of skipped messages instead of their keys; they can be read all the same. */
const stateVersion = 2;
const readable = [1, stateVersion];

/** All of it in one piece; groupParts.ts keeps apart what a message changes. */
export const encodeGroup = (group: MlsGroup): Bytes => concat(Uint8Array.of(stateVersion), encodeState(group));

/** @throws SkrumbleError STORE_VERSION, STORE_CORRUPT */
export function decodeGroup(bytes: Uint8Array): MlsGroup {
  if (!readable.includes(bytes[0] ?? 0)) throw new SkrumbleError("STORE_VERSION");
  return decodeState(bytes.slice(1));
}

/** What {@link encodeState} wrote. @throws SkrumbleError STORE_CORRUPT */
export function decodeState(bytes: Uint8Array): MlsGroup {
  const group = decodeOrUndefined(clientStateDecoder, bytes);
  if (!group) throw new SkrumbleError("STORE_CORRUPT", { details: "Group state." });
  return group;
}

/** The claim of the leaf at this place of the tree; undefined when the leaf is blank. */
export function claimAt(tree: MlsGroup["ratchetTree"], leafIndex: number): DeviceClaim | undefined {
  const node = tree[leafIndex * 2];
  return node?.nodeType === nodeTypes.leaf ? claimOf(node.leaf.credential) : undefined;
}

/** In the order of their leaves. */
export const groupMembers = (group: MlsGroup): DeviceClaim[] =>
  Array.from(
    { length: (group.ratchetTree.length + 1) / 2 },
    (_, leaf) => claimAt(group.ratchetTree, leaf) ?? [],
  ).flat();

export const memberOf = (group: MlsGroup, deviceKey: Uint8Array): DeviceClaim | undefined =>
  groupMembers(group).find((claim) => equalBytes(claim.deviceKey, deviceKey));

export const epochOf = (group: MlsGroup): bigint => group.groupContext.epoch;

/** Tells the forks of one epoch apart: equal for those who applied the same commits, 16 bytes. */
export const branchOf = (group: MlsGroup): Bytes =>
  sha256(utf8("skrumble branch v1"), transcriptHash(group)).slice(0, 16);

/** What the group agreed on besides its members; undefined for a group made without it. */
export function groupStateOf(group: MlsGroup): Uint8Array | undefined {
  const found = group.groupContext.extensions.find(({ extensionType }) => extensionType === groupStateType);
  return found?.extensionData as Uint8Array | undefined;
}

/** RFC 9420 section 8.5. */
export async function exportSecret(group: MlsGroup, label: string, ctx: Uint8Array, length: number): Promise<Bytes> {
  const secret = await mlsExporter(group.keySchedule.exporterSecret, label, ctx, length, await mlsSuite());
  return new Uint8Array(secret);
}

/** Hash of everything that led to this epoch: equal for all members, and for nobody else. */
export function transcriptHash(group: MlsGroup): Bytes {
  const { groupId, epoch, treeHash, confirmedTranscriptHash } = group.groupContext;
  return sha256(
    utf8("skrumble transcript v1"),
    groupId,
    u64(epoch),
    treeHash,
    confirmedTranscriptHash,
    group.confirmationTag,
  );
}
