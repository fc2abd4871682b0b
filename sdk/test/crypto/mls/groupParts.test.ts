import { describe, expect, test } from "vitest";
import { toHexString, utf8 } from "../../../src/crypto/bytes.ts";
import { joinParts, lastingPart, ratchetParts } from "../../../src/crypto/mls/groupParts.ts";
import { decryptMessage, encryptMessage } from "../../../src/crypto/mls/message.ts";
import { decodeGroup, encodeGroup, type MlsGroup } from "../../../src/crypto/mls/state.ts";
import { change, expectedOf, must, newDevices, newGroup, say } from "./devices.ts";

/** The records of one group, as a store has them. */
function createDisk() {
  let lasting: Uint8Array | undefined;
  const ratchets = new Map<string, Uint8Array>();
  let before: MlsGroup | undefined;
  return {
    ratchets,
    lasting: () => must(lasting),
    /** @returns bytes written */
    save(group: MlsGroup): number {
      const part = lastingPart(before, group);
      lasting = part ?? lasting;
      let written = part?.length ?? 0;
      if (!before) ratchets.clear();
      for (const { name, bytes } of ratchetParts(before, group)) {
        if (bytes) ratchets.set(name, bytes);
        else ratchets.delete(name);
        written += bytes?.length ?? 0;
      }
      before = group;
      return written;
    },
    load: () => joinParts(must(lasting), [...ratchets.values()]),
  };
}

describe("a group kept in parts", () => {
  test("is the same again after every message, of this epoch and of past ones, and every commit", async () => {
    const devices = await newDevices(5, 1);
    const [expected, disk] = [expectedOf(devices), createDisk()];
    let states = await newGroup(devices, utf8("state"));
    const same = (group: MlsGroup) => {
      disk.save(group);
      expect(encodeGroup(disk.load())).toEqual(encodeGroup(group));
      return group;
    };
    for (let epoch = 0; epoch < 7; epoch++) {
      for (const by of [0, 3, 3]) {
        states = await say(states, by, utf8("hello"));
        same(must(states[1]));
      }
      const [skipped, late] = [await encryptMessage(must(states[2]), utf8("a")), must(states[2])];
      const second = await encryptMessage(skipped.group, utf8("b"));
      const read = await decryptMessage(must(states[1]), second.message);
      if (read.kind !== "message") throw new Error(read.kind);
      states[1] = same(read.group);
      states[2] = late;
      ({ states } = await change(states, epoch % 4, { expected }));
      same(must(states[1]));
      const after = await decryptMessage(must(states[1]), skipped.message);
      if (after.kind !== "message") throw new Error(after.kind);
      states[1] = same(after.group);
    }
    expect(await decryptMessage(disk.load(), (await encryptMessage(must(states[0]), utf8("x"))).message)).toMatchObject(
      { kind: "message", body: utf8("x") },
    );
  });

  test("goes back to an epoch that was left, and on from there another way", async () => {
    const devices = await newDevices(3, 1);
    const [expected, disk] = [expectedOf(devices), createDisk()];
    let states = await say(await newGroup(devices, utf8("state")), 0, utf8("before"));
    disk.save(must(states[1]));
    const left = decodeGroup(encodeGroup(must(states[1])));
    const fork = await change(states, 0, { expected });
    disk.save(must((await say(fork.states, 2, utf8("of the fork")))[1]));
    disk.save(left);
    expect(encodeGroup(disk.load())).toEqual(encodeGroup(left));
    states = (await change([must(states[0]), left, must(states[2])], 2, { expected })).states;
    states = await say(states, 0, utf8("of the other"));
    disk.save(must(states[1]));
    expect(encodeGroup(disk.load())).toEqual(encodeGroup(must(states[1])));
  });

  test("writes with a message only what it changed, and keeps no key that was used", async () => {
    const devices = await newDevices(12, 1);
    const disk = createDisk();
    const states = await newGroup(devices, utf8("state"));
    const whole = disk.save(must(states[0]));
    let group = must(states[0]);
    for (let n = 0; n < 3; n++) {
      const used = must(group.secretTree.leafNodes[0] ?? Object.values(group.secretTree.intermediateNodes)[0]);
      const secret = used instanceof Uint8Array ? used : used.application.secret;
      group = (await encryptMessage(group, utf8("mine"))).group;
      expect(disk.save(group)).toBeLessThan(whole / 10);
      const kept = [disk.lasting(), ...disk.ratchets.values()].map(toHexString);
      expect(kept.some((record) => record.includes(toHexString(secret)))).toBe(false);
    }
    expect(lastingPart(group, group)).toBeUndefined();
    expect(ratchetParts(group, group)).toEqual([]);
  });

  test("is refused in another version, without a part, and damaged", async () => {
    const disk = createDisk();
    const [group] = await newGroup(await newDevices(2, 1), utf8("state"));
    disk.save(must(group));
    const ratchets = [...disk.ratchets.values()];
    const [lasting, ratchet] = [disk.lasting(), must(ratchets[0])];
    const newer = (bytes: Uint8Array) => Uint8Array.from([9, ...bytes.slice(1)]);
    const code = (code: string) => expect.objectContaining({ code });
    expect(() => joinParts(newer(lasting), ratchets)).toThrowError(code("STORE_VERSION"));
    expect(() => joinParts(encodeGroup(must(group)), ratchets)).toThrowError(code("STORE_VERSION"));
    expect(() => joinParts(lasting, [newer(ratchet)])).toThrowError(code("STORE_VERSION"));
    expect(() => joinParts(lasting, [])).toThrowError(code("STORE_CORRUPT"));
    expect(() => joinParts(lasting, [ratchet.slice(0, -1)])).toThrowError(code("STORE_CORRUPT"));
    expect(() => joinParts(lasting.slice(0, -9), ratchets)).toThrowError(code("STORE_CORRUPT"));
  });
});
