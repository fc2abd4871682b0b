import {
  bytesToBase64,
  type ClientState,
  clientStateDecoder,
  clientStateEncoder,
  createApplicationMessage,
  createCommit,
  createGroup,
  defaultKeyPackageEqualityConfig,
  defaultLifetimeConfig,
  defaultProposalTypes,
  encode,
  getGroupMembers,
  joinGroup,
  type MlsContext,
  mlsExporter,
  mlsMessageDecoder,
  mlsMessageEncoder,
  processMessage,
  pskTypes,
  wireformats,
  zeroOutUint8Array,
} from "ts-mls";
import { SkrumbleError } from "../../errors/index.ts";
import { type Bytes, concat, randomBytes, toHex, u64, utf8 } from "../bytes.ts";
import { sha256 } from "../hash.ts";
import { authService, claimOf, type DeviceClaim, type ExpectedMembers } from "./credential.ts";
import { decodeOrUndefined } from "./decode.ts";
import { decodeKeyPackage, decodeOwnKeyPackage, type OwnKeyPackage } from "./keyPackage.ts";
import { mlsSuite } from "./suite.ts";

/** State of one group. Opaque; every operation returns the next one, which must be kept before its result is used. */
export type MlsGroup = ClientState;

const stateVersion = 1;

/** Relays may deliver far out of order and drop typing notices, so skipped keys are kept for long (the default is 10). */
const clientConfig = {
  keyRetentionConfig: { retainKeysForGenerations: 512, retainKeysForEpochs: 4, maximumForwardRatchetSteps: 1_000 },
  lifetimeConfig: defaultLifetimeConfig,
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  // Sealing pads already.
  paddingConfig: { kind: "alwaysPad", paddingLength: 0 },
} as const;

export interface PairSecret {
  /** Public name of the key, the same on both sides. */
  id: Uint8Array;
  secret: Uint8Array;
}

async function context(expected: ExpectedMembers, psk?: PairSecret): Promise<MlsContext> {
  return {
    cipherSuite: await mlsSuite(),
    authService: authService(expected),
    clientConfig,
    ...(psk ? { externalPsks: { [bytesToBase64(psk.id)]: psk.secret } } : {}),
  };
}

/**
 * Makes a group of two devices. The commit that adds the other one also mixes in the pair secret, so the group's keys
 * depend on both people's private IDs.
 * @throws SkrumbleError MLS_FAILED
 */
export async function createPairGroup(input: {
  own: OwnKeyPackage;
  peerKeyPackage: Uint8Array;
  expected: ExpectedMembers;
  psk: PairSecret;
}): Promise<{ group: MlsGroup; welcome: Uint8Array }> {
  return typed(async () => {
    const mls = await context(input.expected, input.psk);
    const { keyPackage, privateKeys } = decodeOwnKeyPackage(input.own.private);
    const empty = await createGroup({
      context: mls,
      groupId: randomBytes(16),
      keyPackage,
      privateKeyPackage: privateKeys,
    });
    const { newState, welcome, consumed } = await createCommit({
      context: mls,
      state: empty,
      ratchetTreeExtension: true,
      extraProposals: [
        {
          proposalType: defaultProposalTypes.add,
          add: { keyPackage: decodeKeyPackage(input.peerKeyPackage).keyPackage },
        },
        {
          proposalType: defaultProposalTypes.psk,
          psk: { preSharedKeyId: { psktype: pskTypes.external, pskId: input.psk.id, pskNonce: randomBytes(32) } },
        },
      ],
    });
    if (!welcome) throw new SkrumbleError("MLS_FAILED", { details: "No welcome was made." });
    consumed.forEach(zeroOutUint8Array);
    return { group: newState, welcome: encode(mlsMessageEncoder, welcome) };
  });
}

/** Joins the group a welcome leads to. @throws SkrumbleError MLS_FAILED */
export async function joinPairGroup(input: {
  own: OwnKeyPackage["private"];
  welcome: Uint8Array;
  expected: ExpectedMembers;
  psk: PairSecret;
}): Promise<MlsGroup> {
  return typed(async () => {
    const message = decodeOrUndefined(mlsMessageDecoder, input.welcome);
    if (message?.wireformat !== wireformats.mls_welcome)
      throw new SkrumbleError("MLS_FAILED", { details: "Not a welcome." });
    const { keyPackage, privateKeys } = decodeOwnKeyPackage(input.own);
    const mls = await context(input.expected, input.psk);
    const group = await joinGroup({ context: mls, welcome: message.welcome, keyPackage, privateKeys });
    const members = groupMembers(group);
    if (members.length !== 2 || new Set(members.map((m) => toHex(m.publicId))).size !== 2) {
      throw new SkrumbleError("MLS_FAILED", { details: "The group is not one of these two people." });
    }
    return group;
  });
}

export function groupMembers(group: MlsGroup): DeviceClaim[] {
  return getGroupMembers(group).flatMap((leaf) => claimOf(leaf.credential) ?? []);
}

/** Encrypts as a PrivateMessage (RFC 9420 section 6.3). */
export async function encryptMessage(
  group: MlsGroup,
  body: Uint8Array,
): Promise<{ group: MlsGroup; message: Uint8Array }> {
  return typed(async () => {
    const mls = await context(new Map());
    const { newState, message } = await createApplicationMessage({
      context: mls,
      state: group,
      message: body,
    });
    // The consumed keys are still part of the old state, which goes on being used when the new one cannot be kept
    // (full disk): they are left to the garbage collector instead of being overwritten.
    return { group: newState, message: encode(mlsMessageEncoder, message) };
  });
}

/** @throws SkrumbleError MLS_FAILED; also for a message that was decrypted before. */
export async function decryptMessage(
  group: MlsGroup,
  bytes: Uint8Array,
): Promise<{ group: MlsGroup; body: Uint8Array }> {
  return typed(async () => {
    const message = decodeOrUndefined(mlsMessageDecoder, bytes);
    if (message?.wireformat !== wireformats.mls_private_message) {
      throw new SkrumbleError("MLS_FAILED", { details: "Not a private message." });
    }
    const result = await processMessage({
      context: await context(new Map()),
      state: group,
      message,
      callback: () => "reject",
    });
    if (result.kind !== "applicationMessage")
      throw new SkrumbleError("MLS_FAILED", { details: "Not an application message." });
    return { group: result.newState, body: result.message };
  });
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

export const encodeGroup = (group: MlsGroup): Bytes =>
  concat(Uint8Array.of(stateVersion), encode(clientStateEncoder, group));

/** @throws SkrumbleError STORE_VERSION, STORE_CORRUPT */
export function decodeGroup(bytes: Uint8Array): MlsGroup {
  if (bytes[0] !== stateVersion) throw new SkrumbleError("STORE_VERSION");
  const group = decodeOrUndefined(clientStateDecoder, bytes.slice(1));
  if (!group) throw new SkrumbleError("STORE_CORRUPT", { details: "Group state." });
  return group;
}

async function typed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof SkrumbleError ? error : new SkrumbleError("MLS_FAILED", { cause: error });
  }
}
