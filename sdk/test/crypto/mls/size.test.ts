import { expect, test } from "vitest";
import { utf8 } from "../../../src/crypto/bytes.ts";
import { createGroupCommit } from "../../../src/crypto/mls/commit.ts";
import { createMlsGroup } from "../../../src/crypto/mls/create.ts";
import { joinMlsGroup } from "../../../src/crypto/mls/join.ts";
import { readGroupCommit } from "../../../src/crypto/mls/readCommit.ts";
import { branchOf, groupMembers } from "../../../src/crypto/mls/state.ts";
import { expectedOf, must, newDevices, say } from "./devices.ts";

/** What one sealed envelope holds. */
const envelope = 262_080;

test("three hundred devices with the longest state fit one envelope, and work", async () => {
  const devices = await newDevices(301, 1);
  const expected = expectedOf(devices);
  const [creator, friend] = devices;
  const { group, welcome } = await createMlsGroup({
    own: must(creator).keyPackage,
    groupState: new Uint8Array(48 * 1024).fill(7),
    add: devices.slice(1, 300).map(({ keyPackage }) => keyPackage.public),
    expected,
  });
  expect(must(welcome).length).toBeLessThan(envelope);
  const joined = await joinMlsGroup({ own: must(friend).keyPackage.private, welcome: must(welcome), expected });
  expect(groupMembers(joined)).toHaveLength(300);
  // Its path is told to nearly everybody one by one: the longest commit there is.
  const made = await createGroupCommit(joined, {
    remove: [must(devices[150]).claim.deviceKey],
    add: [must(devices[300]).keyPackage.public],
    groupState: new Uint8Array(48 * 1024).fill(8),
    expected,
  });
  expect(made.commit.length).toBeLessThan(envelope);
  expect(must(made.welcome).length).toBeLessThan(envelope);
  const read = await readGroupCommit(group, made.commit, expected);
  expect(branchOf(read.next)).toEqual(branchOf(made.next));
  await say([read.next, made.next], 0, utf8("hello"));
});
