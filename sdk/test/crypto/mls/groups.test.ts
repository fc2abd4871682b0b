import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/crypto/bytes.ts";
import { catchUp } from "../../../src/crypto/mls/advance.ts";
import { createGroupCommit } from "../../../src/crypto/mls/commit.ts";
import { createMlsGroup } from "../../../src/crypto/mls/create.ts";
import { joinMlsGroup } from "../../../src/crypto/mls/join.ts";
import { createKeyPackage } from "../../../src/crypto/mls/keyPackage.ts";
import { decryptMessage, encryptMessage, peekMessage } from "../../../src/crypto/mls/message.ts";
import { readGroupCommit } from "../../../src/crypto/mls/readCommit.ts";
import {
  branchOf,
  decodeGroup,
  encodeGroup,
  epochOf,
  groupMembers,
  groupStateOf,
  type MlsGroup,
  memberOf,
  transcriptHash,
} from "../../../src/crypto/mls/state.ts";
import { change, type Device, expectedOf, must, newDevices, newGroup, say } from "./devices.ts";

const failed = { code: "MLS_FAILED" };
const kindOf = async (state: MlsGroup, message: Uint8Array) => (await decryptMessage(state, message)).kind;

/** Seeded, so that a failure can be had again (mulberry32). */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  };
}

describe("a group of three people with two devices each", () => {
  test("speaks from every device to every other, and agrees on its state", async () => {
    const devices = await newDevices(3, 2);
    let states = await newGroup(devices, utf8("state one"));
    for (let by = 0; by < 6; by++) states = await say(states, by, utf8(`from ${by}`));
    const sent = await encryptMessage(must(states[4]), utf8("who am I"));
    const read = await decryptMessage(must(states[1]), sent.message);
    expect(read).toMatchObject({ kind: "message", epoch: 1n, sender: must(devices[4]).claim });
    ({ states } = await change(states, 2, { groupState: utf8("state two"), expected: expectedOf(devices) }));
    for (const state of states) {
      expect(groupStateOf(state)).toEqual(utf8("state two"));
      expect(groupMembers(state)).toEqual(devices.map(({ claim }) => claim));
      expect(memberOf(state, must(devices[5]).claim.deviceKey)).toEqual(must(devices[5]).claim);
      expect(epochOf(state)).toBe(2n);
    }
  });

  test("tells the committer, who came, who went, and what changed", async () => {
    const devices = await newDevices(4, 2);
    const expected = expectedOf(devices);
    const states = await newGroup(devices.slice(0, 6), utf8("before"));
    const made = await createGroupCommit(must(states[3]), {
      add: devices.slice(6).map(({ keyPackage }) => keyPackage.public),
      remove: [must(devices[0]).claim.deviceKey],
      groupState: utf8("after"),
      expected,
    });
    const kept = encodeGroup(must(states[1]));
    const read = await readGroupCommit(must(states[1]), made.commit, expected);
    expect(encodeGroup(must(states[1]))).toEqual(kept);
    expect(read).toMatchObject({
      committer: must(devices[3]).claim,
      added: devices.slice(6).map(({ claim }) => claim),
      removed: [must(devices[0]).claim],
      groupState: utf8("after"),
      selfRemoved: false,
      psk: false,
    });
    const update = await createGroupCommit(made.next, { groupState: utf8("after"), expected });
    expect(await readGroupCommit(read.next, update.commit, expected)).not.toHaveProperty("groupState");
  });

  test("keeps a removed device out, and what was said before from a new one", async () => {
    const devices = await newDevices(4, 2);
    const expected = expectedOf(devices);
    const states = await newGroup(devices.slice(0, 6));
    const before = await encryptMessage(must(states[1]), utf8("before"));
    const made = await createGroupCommit(must(states[0]), {
      remove: [must(devices[5]).claim.deviceKey],
      add: [must(devices[6]).keyPackage.public],
      expected,
    });
    const gone = await readGroupCommit(must(states[5]), made.commit, expected);
    expect(gone).toMatchObject({ selfRemoved: true, removed: [must(devices[5]).claim] });
    const after = await encryptMessage(made.next, utf8("after"));
    expect(await kindOf(gone.next, after.message)).toBe("unknown-epoch");
    expect(await kindOf(gone.next, before.message)).toBe("message");
    await expect(encryptMessage(gone.next, utf8("still here?"))).rejects.toMatchObject(failed);
    await expect(createGroupCommit(gone.next, { expected })).rejects.toMatchObject(failed);
    // It took the removed one's place in the tree.
    const own = must(devices[6]).keyPackage.private;
    const joined = await joinMlsGroup({ own, welcome: must(made.welcome), expected });
    expect(joined.privatePath.leafIndex).toBe(5);
    expect(await kindOf(joined, before.message)).toBe("unknown-epoch");
    expect(await kindOf(joined, after.message)).toBe("message");
    const rest = await readGroupCommit(must(states[4]), made.commit, expected);
    expect(await kindOf(rest.next, after.message)).toBe("message");
  });

  test("gives a removed device none of the keys of a commit that removes only it", async () => {
    const devices = await newDevices(3, 1);
    const states = await newGroup(devices);
    const removed = must(states[2]);
    const { next } = await createGroupCommit(must(states[0]), {
      remove: [must(devices[2]).claim.deviceKey],
      expected: expectedOf(devices),
    });
    // Without a path the next epoch would follow from this one's init secret alone.
    const path = next.ratchetTree.flatMap((node) => (node && "parent" in node ? [node.parent] : []));
    expect(path).toHaveLength(1);
    expect(Object.values(removed.privatePath.privateKeys)).not.toContainEqual(next.privatePath.privateKeys[1]);
    const own = must(next.ratchetTree[0]);
    expect("leaf" in own && own.leaf.leafNodeSource).toBe(3);
  });

  test("lets the one side of a fork go back and follow the other", async () => {
    const devices = await newDevices(3, 2);
    const expected = expectedOf(devices);
    const states = await newGroup(devices);
    const won = await createGroupCommit(must(states[0]), { groupState: utf8("won"), expected });
    const lost = await createGroupCommit(must(states[3]), { groupState: utf8("lost"), expected });
    expect(epochOf(won.next)).toBe(epochOf(lost.next));
    expect(branchOf(won.next)).not.toEqual(branchOf(lost.next));
    expect(branchOf(won.next)).toHaveLength(16);
    const aside = (await readGroupCommit(must(states[4]), lost.commit, expected)).next;
    expect(branchOf(aside)).toEqual(branchOf(lost.next));
    const said = await encryptMessage(won.next, utf8("on the winning side"));
    expect(await kindOf(aside, said.message)).toBe("unreadable");
    expect(await kindOf(lost.next, said.message)).toBe("unreadable");
    for (const i of [3, 4]) {
      const back = (await readGroupCommit(decodeGroup(encodeGroup(must(states[i]))), won.commit, expected)).next;
      expect(branchOf(back)).toEqual(branchOf(won.next));
      expect(await kindOf(back, said.message)).toBe("message");
    }
  });

  test("reads four epochs back, and tells what it cannot read apart", async () => {
    const devices = await newDevices(3, 1);
    const expected = expectedOf(devices);
    let states = await newGroup(devices);
    const messages: Uint8Array[] = [];
    for (let i = 0; i < 6; i++) {
      messages.push((await encryptMessage(must(states[0]), utf8(String(i)))).message);
      ({ states } = await change(states, i % 3, { expected }));
    }
    const [reader, , ahead] = states as [MlsGroup, MlsGroup, MlsGroup];
    const kinds = await Promise.all(
      messages.map((message) => kindOf(decodeGroup(encodeGroup(states[1] as MlsGroup)), message)),
    );
    expect(kinds).toEqual(["unknown-epoch", "unknown-epoch", "message", "message", "message", "message"]);
    const read = await decryptMessage(must(states[1]), must(messages[3]));
    if (read.kind !== "message") throw new Error(read.kind);
    expect(read).toMatchObject({ epoch: 4n, sender: must(devices[0]).claim });
    expect(await kindOf(read.group, must(messages[3]))).toBe("unreadable");
    const { commit, next } = await createGroupCommit(ahead, { expected });
    expect(await kindOf(reader, commit)).toBe("commit");
    const future = (await encryptMessage(next, utf8("later"))).message;
    expect(await kindOf(reader, future)).toBe("unknown-epoch");
    expect(peekMessage(future)).toEqual({ groupId: reader.groupContext.groupId, epoch: 8n, kind: "application" });
    expect(peekMessage(commit)).toMatchObject({ epoch: 7n, kind: "commit" });
    for (const bytes of [new Uint8Array(), new Uint8Array(100), future.slice(0, 60)]) {
      expect(peekMessage(bytes)).toBeUndefined();
      expect(await kindOf(reader, bytes)).toBe("unreadable");
    }
    const [stranger] = await newGroup(await newDevices(2, 1));
    const foreign = await encryptMessage(must(stranger), utf8("elsewhere"));
    expect(await kindOf(reader, foreign.message)).toBe("unknown-epoch");
  });

  test("does not read a message twice after a commit that waited", async () => {
    const devices = await newDevices(2, 1);
    const expected = expectedOf(devices);
    const [alice, bob] = (await newGroup(devices)) as [MlsGroup, MlsGroup];
    const waiting = await createGroupCommit(alice, { expected });
    const sent = await encryptMessage(bob, utf8("meanwhile"));
    const read = await decryptMessage(alice, sent.message);
    if (read.kind !== "message") throw new Error(read.kind);
    const next = catchUp(waiting.next, read.group);
    expect(await kindOf(next, sent.message)).toBe("unreadable");
    expect(branchOf(next)).toEqual(branchOf(waiting.next));
    expect(catchUp(read.group, next)).toBe(read.group);
  });

  test("lives on when the key packages it grew from have long run out", async () => {
    const longAgo = Date.now() - 300 * 86_400_000;
    const devices = await newDevices(4, 1);
    const old: Device[] = await Promise.all(
      devices.slice(0, 3).map(async (device) => ({
        ...device,
        keyPackage: await createKeyPackage(device.claim, device.secret, longAgo),
      })),
    );
    const expected = expectedOf(devices);
    const [creator, second, third] = old as [Device, Device, Device];
    const add = [second.keyPackage.public, third.keyPackage.public];
    const input = { own: creator.keyPackage, groupState: new Uint8Array(), add, expected };
    await expect(createMlsGroup(input)).rejects.toMatchObject(failed);
    // A day off at either end of the sixty is no reason.
    await createMlsGroup({ ...input, now: longAgo + 60.9 * 86_400_000 });
    await createMlsGroup({ ...input, now: longAgo - 1.9 * 86_400_000 });
    await expect(createMlsGroup({ ...input, now: longAgo + 61.1 * 86_400_000 })).rejects.toMatchObject(failed);
    await expect(createMlsGroup({ ...input, now: longAgo - 2.1 * 86_400_000 })).rejects.toMatchObject(failed);
    const { group, welcome } = await createMlsGroup({ ...input, now: longAgo });
    // Read months later, by one who was away.
    const late = await joinMlsGroup({ own: second.keyPackage.private, welcome: must(welcome), expected });
    const grown = await createGroupCommit(group, { add: [must(devices[3]).keyPackage.public], expected });
    expect(branchOf((await readGroupCommit(late, grown.commit, expected)).next)).toEqual(branchOf(grown.next));
    const own = must(devices[3]).keyPackage.private;
    expect(branchOf(await joinMlsGroup({ own, welcome: must(grown.welcome), expected }))).toEqual(branchOf(grown.next));
  });
});

describe("a group over a long time", () => {
  // Trees with blanks, unmerged leaves and empty halves: what ts-mls trips over.
  test.each([1, 2])("agrees after every one of thirty changes by whoever, seed %i", async (seed) => {
    const roll = dice(seed);
    const pool = await newDevices(20, 1);
    const expected = expectedOf(pool);
    let inside = pool.slice(0, 3);
    let outside = pool.slice(3);
    let states = await newGroup(inside);
    for (let round = 0; round < 30; round++) {
      const by = roll(inside.length);
      const others = inside.filter((_, i) => i !== by);
      const leaving = others.filter(() => inside.length > 3 && roll(6) === 0);
      const coming = outside.slice(0, roll(3));
      const groupState = roll(3) === 0 ? utf8(`state ${round}`) : undefined;
      const { commit, next, welcome } = await createGroupCommit(must(states[by]), {
        add: coming.map(({ keyPackage }) => keyPackage.public),
        remove: leaving.map(({ claim }) => claim.deviceKey),
        ...(groupState ? { groupState } : {}),
        expected,
      });
      const staying = inside.filter((device) => !leaving.includes(device));
      const kept = await Promise.all(
        staying.map(async (device) => {
          const i = inside.indexOf(device);
          return i === by ? next : (await readGroupCommit(must(states[i]), commit, expected)).next;
        }),
      );
      const joined = await Promise.all(
        coming.map(({ keyPackage }) => joinMlsGroup({ own: keyPackage.private, welcome: must(welcome), expected })),
      );
      // Whoever left needs a new key package to come back.
      const back = await Promise.all(
        leaving.map(async (device) => ({
          ...device,
          keyPackage: await createKeyPackage(device.claim, device.secret, Date.now()),
        })),
      );
      inside = [...staying, ...coming];
      outside = [...outside.slice(coming.length), ...back];
      states = [...kept, ...joined];
      for (const state of states) expect(transcriptHash(state)).toEqual(transcriptHash(must(states[0])));
      states = await say(states, roll(states.length), utf8(`round ${round}`));
    }
  });
});
