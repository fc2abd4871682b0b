import type { Core } from "../../client/core.ts";
import { fromHex, toBase64Url, toHex } from "../../crypto/bytes.ts";
import type { DeviceClaim, ExpectedMembers } from "../../crypto/mls/credential.ts";
import { readGroupCommit } from "../../crypto/mls/readCommit.ts";
import { epochOf, groupMembers, groupStateOf, type MlsGroup } from "../../crypto/mls/state.ts";
import { codeOf, SkrumbleError } from "../../errors/index.ts";
import type { Hex, PublicId } from "../../types/primitives.ts";
import { type CommitSummary, type GroupDevice, refusalOf } from "../group/authorise.ts";
import { type EndingEpoch, leavingIn } from "../group/leave.ts";
import { decodeState, type GroupState } from "../group/state.ts";

export interface Judged {
  next: MlsGroup;
  summary: CommitSummary;
  selfRemoved: boolean;
  /** Key packages that were used up, base64url. */
  keyPackages: string[];
}

/** What the registry said is believed for so long when somebody's devices come or go. */
const fresh = 15_000;

export const deviceOf = (claim: DeviceClaim): GroupDevice => ({
  publicId: toHex(claim.publicId) as PublicId,
  device: toHex(claim.deviceKey) as Hex,
});

export const endingEpoch = (group: MlsGroup, state: GroupState): EndingEpoch => ({
  ...{ groupId: group.groupContext.groupId, epoch: epochOf(group), state },
});

export const devicesOf = (group: MlsGroup): GroupDevice[] => groupMembers(group).map(deviceOf);

/**
 * Reads somebody's commit and asks whether they may do that. Undefined: no, for good.
 * @throws SkrumbleError of the category "network" when the registry has to be asked and cannot be
 */
export async function judgeCommit(core: Core, group: MlsGroup, commit: Uint8Array): Promise<Judged | undefined> {
  const state = decodeState(groupStateOf(group));
  const devices = devicesOf(group);
  try {
    const read = await readGroupCommit(group, commit, expectedIn(core, devices));
    const after = read.groupState ? decodeState(read.groupState) : state;
    const summary: CommitSummary = {
      committer: deviceOf(read.committer),
      added: read.added.map(deviceOf),
      removed: read.removed.map(deviceOf),
      state: after,
      leaving: read.groupState ? leavingIn(after, endingEpoch(group, state)) : [],
    };
    const listed = await listedAmong(core, [...summary.added, ...summary.removed]);
    if (read.psk || refusalOf({ state, epoch: epochOf(group), devices, listed }, summary)) return undefined;
    const keyPackages = read.added.map(({ keyPackage }) => toBase64Url(keyPackage));
    return { next: read.next, summary, selfRemoved: read.selfRemoved, keyPackages };
  } catch (error) {
    if (codeOf(error) === "MLS_FAILED" && !(error instanceof SkrumbleError && isOutage(error.cause))) return undefined;
    throw error instanceof SkrumbleError && isOutage(error.cause) ? error.cause : error;
  }
}

const isOutage = (error: unknown): error is SkrumbleError =>
  error instanceof SkrumbleError && error.category === "network";

/** Devices that are in the group were checked when they came; others have to be in the registry now. */
export function expectedIn(core: Core, devices: readonly GroupDevice[]): ExpectedMembers {
  return {
    async get(publicId, device) {
      const key = toHex(device);
      if (devices.some((one) => one.device === key && one.publicId === publicId)) return [device];
      return (await personNow(core, { publicId, device: key }))?.devices.map(fromHex);
    },
  };
}

/** Which of these the registry lists; somebody it does not know, or no longer, has none. */
export async function listedAmong(
  core: Core,
  devices: readonly GroupDevice[],
): Promise<(device: GroupDevice) => boolean> {
  const lists = new Map<PublicId, Hex[]>();
  for (const device of devices) {
    if (!lists.has(device.publicId)) lists.set(device.publicId, (await personNow(core, device))?.devices ?? []);
  }
  return ({ publicId, device }) => lists.get(publicId)?.includes(device) ?? false;
}

async function personNow(core: Core, { publicId, device }: GroupDevice) {
  const known = core.people.get(publicId);
  if (known?.devices.includes(device) && core.now() - known.at < fresh) return known;
  try {
    return await core.people.load(publicId, 0);
  } catch (error) {
    if (isOutage(error)) throw error;
    return undefined;
  }
}
