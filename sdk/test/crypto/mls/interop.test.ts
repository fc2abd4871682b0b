import {
  clientStateEncoder,
  createApplicationMessage,
  createCommit,
  decode,
  defaultProposalTypes,
  encode,
  joinGroup,
  type MlsContext,
  mlsMessageDecoder,
  mlsMessageEncoder,
  type Proposal,
  processMessage,
  wireformats,
} from "ts-mls";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/crypto/bytes.ts";
import { createGroupCommit } from "../../../src/crypto/mls/commit.ts";
import { createMlsGroup } from "../../../src/crypto/mls/create.ts";
import { joinMlsGroup } from "../../../src/crypto/mls/join.ts";
import { decodeKeyPackage, decodeOwnKeyPackage } from "../../../src/crypto/mls/keyPackage.ts";
import { decryptMessage, encryptMessage } from "../../../src/crypto/mls/message.ts";
import { readGroupCommit } from "../../../src/crypto/mls/readCommit.ts";
import {
  decodeGroup,
  encodeGroup,
  exportSecret,
  groupStateOf,
  type MlsGroup,
  transcriptHash,
} from "../../../src/crypto/mls/state.ts";
import { mlsSuite } from "../../../src/crypto/mls/suite.ts";
import { change, expectedOf, must, newDevices, newGroup } from "./devices.ts";

/** ts-mls, an implementation by others, as the one on the other side. Its own faults are stepped around where it has any. */
const theirs = async (): Promise<MlsContext> => ({
  cipherSuite: await mlsSuite(),
  authService: { validateCredential: async () => true },
});

async function theyRead(state: MlsGroup, bytes: Uint8Array) {
  const message = decode(mlsMessageDecoder, bytes);
  if (message?.wireformat !== wireformats.mls_private_message) throw new Error("not a private message");
  return processMessage({ context: await theirs(), state, message });
}

async function theyCommit(state: MlsGroup, extraProposals: Proposal[]) {
  const made = await createCommit({ context: await theirs(), state, extraProposals, ratchetTreeExtension: true });
  return {
    state: made.newState,
    commit: encode(mlsMessageEncoder, made.commit),
    welcome: made.welcome && encode(mlsMessageEncoder, made.welcome),
  };
}

async function sameEpoch(...states: MlsGroup[]): Promise<void> {
  const secrets = await Promise.all(states.map((state) => exportSecret(state, "same", utf8("?"), 32)));
  for (const [i, secret] of secrets.entries()) {
    expect(secret).toEqual(secrets[0]);
    expect(transcriptHash(must(states[i]))).toEqual(transcriptHash(must(states[0])));
  }
}

describe("interoperation with ts-mls (RFC 9420)", () => {
  test("it joins our welcomes and reads our commits: update, state, removal of several, addition", async () => {
    const devices = await newDevices(5, 2);
    const expected = expectedOf(devices);
    const [creator, other, ...rest] = devices;
    const { group, welcome } = await createMlsGroup({
      own: must(creator).keyPackage,
      groupState: utf8("first"),
      add: [must(other), ...rest.slice(0, 5)].map(({ keyPackage }) => keyPackage.public),
      expected,
    });
    const message = decode(mlsMessageDecoder, must(welcome));
    if (message?.wireformat !== wireformats.mls_welcome) throw new Error("not a welcome");
    const own = decodeOwnKeyPackage(must(other).keyPackage.private);
    let they = await joinGroup({ context: await theirs(), welcome: message.welcome, ...own });
    let we = group;
    await sameEpoch(we, they);
    const changes = [
      {},
      { groupState: utf8("second") },
      { remove: [must(rest[0]).claim.deviceKey, must(rest[3]).claim.deviceKey] },
      { add: [must(rest[6]).keyPackage.public], groupState: utf8("third") },
      { remove: [must(rest[1]).claim.deviceKey], add: [must(rest[7]).keyPackage.public] },
    ];
    for (const input of changes) {
      const made = await createGroupCommit(we, { ...input, expected });
      const read = await theyRead(they, made.commit);
      if (read.kind !== "newState") throw new Error(read.kind);
      [we, they] = [made.next, read.newState];
      await sameEpoch(we, they);
    }
    expect(groupStateOf(they)).toEqual(utf8("third"));
  });

  test("we join its welcomes and read its commits", async () => {
    const devices = await newDevices(4, 2);
    const expected = expectedOf(devices);
    let [they, we] = (await newGroup(devices.slice(0, 6))) as [MlsGroup, MlsGroup];
    const addType = defaultProposalTypes.add;
    const removeType = defaultProposalTypes.remove;
    const joiner = must(devices[6]).keyPackage;
    const proposals: Proposal[][] = [
      [],
      [2, 4].map((removed) => ({ proposalType: removeType, remove: { removed } })),
      [{ proposalType: addType, add: { keyPackage: decodeKeyPackage(joiner.public).keyPackage } }],
    ];
    let welcome: Uint8Array | undefined;
    for (const list of proposals) {
      const made = await theyCommit(they, list);
      const read = await readGroupCommit(we, made.commit, expected);
      they = made.state;
      we = read.next;
      welcome = made.welcome;
      await sameEpoch(we, they);
    }
    await sameEpoch(we, await joinMlsGroup({ own: joiner.private, welcome: must(welcome), expected }));
  });

  test("messages go both ways", async () => {
    const [they, we] = (await newGroup(await newDevices(2, 1))) as [MlsGroup, MlsGroup];
    const ours = await encryptMessage(we, utf8("from us"));
    const read = await theyRead(they, ours.message);
    expect(read.kind === "applicationMessage" && read.message).toEqual(utf8("from us"));
    const sent = await createApplicationMessage({ context: await theirs(), state: they, message: utf8("to us") });
    const back = await decryptMessage(we, encode(mlsMessageEncoder, sent.message));
    expect(back).toMatchObject({ kind: "message", body: utf8("to us") });
  });

  test("its encoder gives the same state, and a state of version 1 goes on", async () => {
    const devices = await newDevices(4, 1);
    let states = await newGroup(devices, utf8("state"));
    for (let i = 0; i < 3; i++) ({ states } = await change(states, i, { expected: expectedOf(devices) }));
    const [sender, reader] = states as [MlsGroup, MlsGroup];
    const messages: Uint8Array[] = [];
    let we = sender;
    for (let i = 0; i < 5; i++) {
      const sent = await encryptMessage(we, utf8(String(i)));
      we = sent.group;
      messages.push(sent.message);
    }
    // The last first: four keys are skipped, and kept.
    const ours = await decryptMessage(reader, must(messages[4]));
    if (ours.kind !== "message") throw new Error(ours.kind);
    for (const state of [we, ours.group]) {
      expect(encodeGroup(state)).toEqual(Uint8Array.from([2, ...encode(clientStateEncoder, state)]));
      expect(encodeGroup(decodeGroup(encodeGroup(state)))).toEqual(encodeGroup(state));
    }
    const read = await theyRead(reader, must(messages[4]));
    if (read.kind !== "applicationMessage") throw new Error(read.kind);
    const first = decodeGroup(Uint8Array.from([1, ...encode(clientStateEncoder, read.newState)]));
    for (const message of messages.slice(0, 4)) expect(await decryptMessage(first, message)).toHaveProperty("body");
    expect(await decryptMessage(first, must(messages[4]))).toEqual({ kind: "unreadable" });
  });
});
