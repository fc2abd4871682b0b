import { toHexString } from "../crypto/bytes.ts";
import { branchOf, epochOf, type MlsGroup } from "../crypto/mls/state.ts";
import type { Millis } from "../types/primitives.ts";
import { devicesOf } from "./commit/judge.ts";
import type { SessionRecord } from "./threads.ts";

/** `sent`: texts this device said in the group before it came back. */
export const newSession = (
  route: string,
  group: MlsGroup,
  { since, sent = 0 }: { since: Millis; sent?: number },
): SessionRecord => ({
  ...{ route, since, epochAt: since, sent, received: {} },
  came: Object.fromEntries(devicesOf(group).map(({ device }) => [device, sent])),
  epoch: Number(epochOf(group)),
  joined: Number(epochOf(group)),
  branch: toHexString(branchOf(group)),
});
