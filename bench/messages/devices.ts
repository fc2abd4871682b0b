import { randomBytes, toHex } from "../../sdk/src/crypto/bytes.ts";
import { signDeviceCert } from "../../sdk/src/crypto/deviceCert.ts";
import { signingKeyPair } from "../../sdk/src/crypto/keys.ts";
import { createMlsGroup } from "../../sdk/src/crypto/mls/create.ts";
import type { ExpectedMembers } from "../../sdk/src/crypto/mls/credential.ts";
import { joinMlsGroup } from "../../sdk/src/crypto/mls/join.ts";
import { createKeyPackage, type OwnKeyPackage } from "../../sdk/src/crypto/mls/keyPackage.ts";
import type { MlsGroup } from "../../sdk/src/crypto/mls/state.ts";

export interface BenchDevice {
  publicId: Uint8Array;
  deviceKey: Uint8Array;
  keyPackage: OwnKeyPackage;
}

/** Of as many people. */
export async function makeDevices(count: number): Promise<BenchDevice[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const [person, device] = [signingKeyPair(randomBytes(32)), signingKeyPair(randomBytes(32))];
      const fields = { deviceKey: device.public, keyVersion: 1, issuedAt: Date.now() };
      const claim = { publicId: person.public, ...fields, signature: signDeviceCert(person.secret, fields) };
      const keyPackage = await createKeyPackage(claim, device.secret, Date.now());
      return { publicId: person.public, deviceKey: device.public, keyPackage };
    }),
  );
}

const expectedOf = (devices: BenchDevice[]): ExpectedMembers =>
  new Map(devices.map(({ publicId, deviceKey }) => [toHex(publicId), [deviceKey]]));

/** A group of these, seen by the first, who made it, and by the second. */
export async function makeGroup(devices: BenchDevice[]): Promise<{ creator: MlsGroup; member: MlsGroup }> {
  const [first, second, ...rest] = devices;
  if (!first || !second) throw new Error("A group of at least two.");
  const expected = expectedOf(devices);
  const add = [second, ...rest].map(({ keyPackage }) => keyPackage.public);
  const { group, welcome } = await createMlsGroup({
    own: first.keyPackage,
    groupState: new Uint8Array(2048),
    add,
    expected,
  });
  if (!welcome) throw new Error("No welcome.");
  return { creator: group, member: await joinMlsGroup({ own: second.keyPackage.private, welcome, expected }) };
}
