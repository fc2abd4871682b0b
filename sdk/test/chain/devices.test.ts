import { encodeAbiParameters, encodeEventTopics } from "viem";
import { expect, test } from "vitest";
import { readDevices } from "../../src/chain/actions/readDevices.ts";
import { createChain } from "../../src/chain/chain.ts";
import type { IdentityRecord } from "../../src/chain/types.ts";
import { randomBytes, toHex } from "../../src/crypto/bytes.ts";
import { identityRegistryAbi } from "../../src/generated/index.ts";
import { deviceRoot } from "../../src/identity/deviceRoot.ts";
import { contractsAt } from "../support/contracts.ts";
import { rpcAnswer } from "../support/rpcAnswer.ts";

const address = `0x${"12".repeat(20)}` as const;
const network = {
  chainId: 1,
  name: "x",
  contracts: contractsAt(address),
};
const devices = [randomBytes(32), randomBytes(32)].sort((a, b) => (toHex(a) < toHex(b) ? -1 : 1));
const record: IdentityRecord = {
  id: 1n,
  owner: address,
  keyVersion: 0,
  revoked: false,
  controller: address,
  devicesBlock: 5n,
  publicId: toHex(randomBytes(32)),
  agreementKey: toHex(randomBytes(32)),
  deviceRoot: toHex(deviceRoot(devices)),
  saltName: toHex(randomBytes(32)),
  name: "alice",
};

const topics = encodeEventTopics({
  abi: identityRegistryAbi,
  eventName: "DevicesChanged",
  args: { identityId: 1n },
});
const data = (keys: Uint8Array[]) =>
  encodeAbiParameters(
    [{ type: "uint32" }, { type: "bytes32" }, { type: "bytes32[]" }],
    [0, record.deviceRoot, keys.map((key) => toHex(key))],
  );
const honest = [{ topics, data: data(devices) }];

/** Relay i gives the i-th answer to every question. */
const chainOf = (answers: unknown[]) =>
  createChain(network, {
    endpoints: () => answers.map((_, i) => ({ url: `http://r${i}.test/rpc`, operator: String(i) })),
    fetch: async (input, init) => {
      const result = answers[Number(new URL(String(input)).hostname.match(/\d+/)?.[0])];
      if (result === "dead") throw new TypeError("fetch failed");
      if (result === "refuses") return rpcAnswer(init, { error: { code: -32000, message: "no" } });
      return rpcAnswer(init, { result });
    },
  });

const faulty: [string, unknown][] = [
  ["null", null],
  ["a text", "0x"],
  ["no logs", []],
  ["logs of null", [null]],
  ["broken data", [{ topics, data: "0x1234" }]],
  ["topics of another event", [{ topics: [toHex(randomBytes(32))], data: data(devices) }]],
  ["other devices", [{ topics, data: data([randomBytes(32)]) }]],
  ["too many devices", [{ topics, data: data(Array.from({ length: 65 }, () => randomBytes(32))) }]],
  ["nothing at all", "dead"],
  ["a refusal", "refuses"],
];

test.each(faulty)("a relay that answers with %s keeps nobody's devices from being read", async (_, answer) => {
  expect(await readDevices(chainOf([answer, answer, honest]), record)).toEqual(devices);
});

test.each(faulty)("where all relays answer with %s, the chain counts as out of reach", async (_, answer) => {
  await expect(readDevices(chainOf([answer, answer]), record)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
});

test("a relay that fails at that moment is asked again, where another one lies", async () => {
  const answers: unknown[] = [[], "refuses"];
  setTimeout(() => answers.splice(1, 1, honest), 150);
  expect(await readDevices(chainOf(answers), record)).toEqual(devices);
});

test("can be cancelled", async () => {
  const reading = readDevices(chainOf([honest]), record, AbortSignal.abort());
  await expect(reading).rejects.toMatchObject({ code: "ABORTED" });
});
