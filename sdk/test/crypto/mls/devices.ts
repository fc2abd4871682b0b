import { randomBytes, toHex } from "../../../src/crypto/bytes.ts";
import { signDeviceCert } from "../../../src/crypto/deviceCert.ts";
import { type KeyPair, signingKeyPair } from "../../../src/crypto/keys.ts";
import { createGroupCommit, type GroupChange } from "../../../src/crypto/mls/commit.ts";
import { createMlsGroup } from "../../../src/crypto/mls/create.ts";
import type { DeviceClaim, ExpectedMembers } from "../../../src/crypto/mls/credential.ts";
import { joinMlsGroup } from "../../../src/crypto/mls/join.ts";
import { createKeyPackage, type OwnKeyPackage } from "../../../src/crypto/mls/keyPackage.ts";
import { decryptMessage, encryptMessage } from "../../../src/crypto/mls/message.ts";
import { readGroupCommit } from "../../../src/crypto/mls/readCommit.ts";
import type { MlsGroup } from "../../../src/crypto/mls/state.ts";

export interface Device {
  claim: DeviceClaim;
  secret: Uint8Array;
  keyPackage: OwnKeyPackage;
}

export const newPerson = (): KeyPair => signingKeyPair(randomBytes(32));

export async function newDevice(person: KeyPair, now = Date.now()): Promise<Device> {
  const device = signingKeyPair(randomBytes(32));
  const fields = { deviceKey: device.public, keyVersion: 1, issuedAt: now };
  const claim = { publicId: person.public, ...fields, signature: signDeviceCert(person.secret, fields) };
  return { claim, secret: device.secret, keyPackage: await createKeyPackage(claim, device.secret, now) };
}

export async function newDevices(people: number, each: number): Promise<Device[]> {
  const devices: Device[] = [];
  for (let i = 0; i < people; i++) {
    const person = newPerson();
    for (let j = 0; j < each; j++) devices.push(await newDevice(person));
  }
  return devices;
}

/** The registry as these devices see it. */
export function expectedOf(devices: Device[]): ExpectedMembers {
  const expected = new Map<`0x${string}`, Uint8Array[]>();
  for (const { claim } of devices) {
    const id = toHex(claim.publicId);
    expected.set(id, [...(expected.get(id) ?? []), claim.deviceKey]);
  }
  return expected;
}

export const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("missing");
  return value;
};

/** A group of these devices, made by the first: their states in the same order. */
export async function newGroup(devices: Device[], groupState = new Uint8Array()): Promise<MlsGroup[]> {
  const [creator, ...others] = devices as [Device, ...Device[]];
  const expected = expectedOf(devices);
  const add = others.map(({ keyPackage }) => keyPackage.public);
  const { group, welcome } = await createMlsGroup({ own: creator.keyPackage, groupState, add, expected });
  const states = [group];
  for (const { keyPackage } of others) {
    states.push(await joinMlsGroup({ own: keyPackage.private, welcome: must(welcome), expected }));
  }
  return states;
}

/** The change made by one of them and read by all others; whoever is removed keeps the state of before. */
export async function change(
  states: MlsGroup[],
  by: number,
  input: GroupChange,
): Promise<{ states: MlsGroup[]; welcome?: Uint8Array }> {
  const { commit, next, welcome } = await createGroupCommit(must(states[by]), input);
  const after = await Promise.all(
    states.map(async (state, i) => (i === by ? next : (await readGroupCommit(state, commit, input.expected)).next)),
  );
  return { states: after, ...(welcome ? { welcome } : {}) };
}

/** Sends from one to all others, who must read it; gives everybody's next state. */
export async function say(states: MlsGroup[], by: number, body: Uint8Array): Promise<MlsGroup[]> {
  const sent = await encryptMessage(must(states[by]), body);
  return Promise.all(
    states.map(async (state, i) => {
      if (i === by) return sent.group;
      const read = await decryptMessage(state, sent.message);
      if (read.kind !== "message" || !read.body.every((byte, at) => byte === body[at])) throw new Error(read.kind);
      return read.group;
    }),
  );
}
