import {
  createCommit,
  createProposal,
  defaultProposalTypes,
  encode,
  type MlsContext,
  makeCustomExtension,
  mlsMessageEncoder,
  type Node,
  type Proposal,
  protocolVersions,
  pskTypes,
  type RatchetTree,
} from "ts-mls";
import { describe, expect, test } from "vitest";
import { randomBytes, utf8 } from "../../../src/crypto/bytes.ts";
import { createGroupCommit } from "../../../src/crypto/mls/commit.ts";
import { createMlsGroup } from "../../../src/crypto/mls/create.ts";
import { claimCredential } from "../../../src/crypto/mls/credential.ts";
import { joinMlsGroup } from "../../../src/crypto/mls/join.ts";
import { createKeyPackage, decodeKeyPackage } from "../../../src/crypto/mls/keyPackage.ts";
import { readGroupCommit } from "../../../src/crypto/mls/readCommit.ts";
import { decodeGroup, encodeGroup, type MlsGroup } from "../../../src/crypto/mls/state.ts";
import { mlsSuite } from "../../../src/crypto/mls/suite.ts";
import { rootHash } from "../../../src/crypto/mls/treeHash.ts";
import { checkTree } from "../../../src/crypto/mls/validateTree.ts";
import { type Device, expectedOf, must, newDevice, newDevices, newGroup, newPerson } from "./devices.ts";

const failed = { code: "MLS_FAILED" };
const { add, group_context_extensions, psk, reinit, remove } = defaultProposalTypes;

/** A member with another program: ts-mls commits whatever it is told to. */
const careless = async (): Promise<MlsContext> => ({
  cipherSuite: await mlsSuite(),
  authService: { validateCredential: async () => true },
  externalPsks: { [btoa("x")]: randomBytes(32) },
});

async function smuggle(state: MlsGroup, extraProposals: Proposal[]): Promise<Uint8Array> {
  const { commit } = await createCommit({ context: await careless(), state, extraProposals });
  return encode(mlsMessageEncoder, commit);
}

describe("a commit of a hostile member", () => {
  test("is refused with proposals this network does not have", async () => {
    const devices = await newDevices(3, 1);
    const expected = expectedOf(devices);
    const [evil, reader] = (await newGroup(devices, utf8("state"))) as [MlsGroup, MlsGroup];
    const { groupId, cipherSuite } = evil.groupContext;
    const version = protocolVersions.mls10;
    const extensions = [makeCustomExtension({ extensionType: 0xf0a1, extensionData: utf8("state") })];
    const other = makeCustomExtension({ extensionType: 0xf0a2, extensionData: utf8("more") });
    const pskId = { psktype: pskTypes.external, pskId: utf8("x"), pskNonce: randomBytes(32) };
    const lists: Record<string, Proposal[]> = {
      reinit: [{ proposalType: reinit, reinit: { groupId, version, cipherSuite, extensions } }],
      custom: [{ proposalType: 0xf0b1, proposalData: utf8("custom") }],
      "another extension": [
        { proposalType: group_context_extensions, groupContextExtensions: { extensions: [...extensions, other] } },
      ],
      "a secret nobody has": [{ proposalType: psk, psk: { preSharedKeyId: pskId } }],
      "one removal without a path": [{ proposalType: remove, remove: { removed: 2 } }],
      "a state without a path": [{ proposalType: group_context_extensions, groupContextExtensions: { extensions } }],
    };
    for (const [name, list] of Object.entries(lists)) {
      const commit = await smuggle(evil, list);
      await expect(readGroupCommit(reader, commit, expected), name).rejects.toMatchObject(failed);
    }
  });

  test("is refused with proposals by reference, and no proposal is taken alone", async () => {
    const devices = await newDevices(3, 1);
    const expected = expectedOf(devices);
    const [evil, reader] = (await newGroup(devices)) as [MlsGroup, MlsGroup];
    const proposal: Proposal = { proposalType: remove, remove: { removed: 2 } };
    const alone = await createProposal({ context: await careless(), state: evil, proposal });
    await expect(readGroupCommit(reader, encode(mlsMessageEncoder, alone.message), expected)).rejects.toMatchObject(
      failed,
    );
    await expect(readGroupCommit(reader, await smuggle(alone.newState, []), expected)).rejects.toMatchObject(failed);
  });

  test("is refused as a public message, from another epoch, from oneself, changed, or twice", async () => {
    const devices = await newDevices(3, 1);
    const expected = expectedOf(devices);
    const [one, two, three] = (await newGroup(devices)) as [MlsGroup, MlsGroup, MlsGroup];
    const open = await createCommit({ context: await careless(), state: one, wireAsPublicMessage: true });
    await expect(readGroupCommit(two, encode(mlsMessageEncoder, open.commit), expected)).rejects.toMatchObject(failed);
    const { commit, next } = await createGroupCommit(one, { expected });
    await expect(readGroupCommit(one, commit, expected)).rejects.toMatchObject(failed);
    await expect(readGroupCommit(next, commit, expected)).rejects.toMatchObject(failed);
    const after = await readGroupCommit(two, commit, expected);
    await expect(readGroupCommit(after.next, commit, expected)).rejects.toMatchObject(failed);
    for (let at = 0; at < commit.length; at += 41) {
      const changed = commit.slice();
      changed[at] = must(changed[at]) ^ 1;
      await expect(readGroupCommit(three, changed, expected)).rejects.toMatchObject(failed);
    }
  });

  test("cannot turn its device into another person's", async () => {
    const devices = await newDevices(3, 1);
    const expected = expectedOf(devices);
    const [evil, reader] = (await newGroup(devices)) as [MlsGroup, MlsGroup];
    const { publicId } = must(devices[2]).claim;
    const credential = claimCredential({ ...must(devices[0]).claim, publicId });
    const [first, ...rest] = evil.ratchetTree as [Node, ...RatchetTree];
    if (!("leaf" in first)) throw new Error("not a leaf");
    const state = { ...evil, ratchetTree: [{ ...first, leaf: { ...first.leaf, credential } }, ...rest] };
    const { commit } = await createGroupCommit(state, { expected });
    await expect(readGroupCommit(reader, commit, expected)).rejects.toMatchObject(failed);
  });
});

describe("a ghost", () => {
  const group = async (devices: Device[]) => ({ states: await newGroup(devices), expected: expectedOf(devices) });

  async function refusedEverywhere(ghost: Device, widened: Device[] = []): Promise<void> {
    const devices = await newDevices(3, 1);
    const { states } = await group(devices);
    const expected = expectedOf([...devices, ...widened]);
    const [evil, reader] = states as [MlsGroup, MlsGroup];
    const keyPackages = [ghost.keyPackage.public];
    await expect(createGroupCommit(evil, { add: keyPackages, expected })).rejects.toMatchObject(failed);
    const own = must(devices[0]).keyPackage;
    const input = { own, groupState: new Uint8Array(), add: keyPackages, expected };
    await expect(createMlsGroup(input)).rejects.toMatchObject(failed);

    const { keyPackage } = decodeKeyPackage(ghost.keyPackage.public);
    const commit = await smuggle(evil, [{ proposalType: add, add: { keyPackage } }]);
    await expect(readGroupCommit(reader, commit, expected)).rejects.toMatchObject(failed);
  }

  test("is refused when its certificate is forged", async () => {
    const ghost = await newDevice(newPerson());
    const claim = { ...ghost.claim, signature: randomBytes(64) };
    const keyPackage = await createKeyPackage(claim, ghost.secret, Date.now());
    await refusedEverywhere({ ...ghost, claim, keyPackage }, [ghost]);
  });

  test("is refused when its person does not list the device", async () => {
    const person = newPerson();
    const [listed, ghost] = [await newDevice(person), await newDevice(person)];
    await refusedEverywhere(ghost, [listed]);
  });

  test("is refused when nobody expects its person", async () => {
    await refusedEverywhere(await newDevice(newPerson()));
  });

  test("is refused when it is in the group one is welcomed to", async () => {
    const devices = await newDevices(3, 1);
    const [creator, friend, ghost] = devices as [Device, Device, Device];
    const { welcome } = await createMlsGroup({
      own: creator.keyPackage,
      groupState: new Uint8Array(),
      add: [friend.keyPackage.public, ghost.keyPackage.public],
      expected: expectedOf(devices),
    });
    const input = { own: friend.keyPackage.private, welcome: must(welcome) };
    await expect(joinMlsGroup({ ...input, expected: expectedOf([creator, friend]) })).rejects.toMatchObject(failed);
    await joinMlsGroup({ ...input, expected: expectedOf(devices) });
  });

  test("is refused as a second leaf of a device that is there", async () => {
    const devices = await newDevices(3, 1);
    const { states, expected } = await group(devices);
    const { claim, secret } = must(devices[2]);
    const again = [(await createKeyPackage(claim, secret, Date.now())).public];
    await expect(createGroupCommit(must(states[0]), { add: again, expected })).rejects.toMatchObject(failed);
    await createGroupCommit(must(states[0]), { add: again, remove: [claim.deviceKey], expected });
  });

  test("cannot hide in a tree: keys nobody vouches for, and wrong unmerged leaves", async () => {
    const devices = await newDevices(4, 1);
    const { states, expected } = await group(devices);
    const { next } = await createGroupCommit(must(states[1]), { expected });
    const tree = next.ratchetTree;
    await checkTree(tree, next.groupContext, expected);
    const broken = [1, 3].flatMap((at) => {
      const node = must(tree[at]);
      if (!("parent" in node)) throw new Error("not a parent");
      const { parent } = node;
      const forged = [
        { ...parent, hpkePublicKey: randomBytes(32) },
        { ...parent, parentHash: randomBytes(32) },
        { ...parent, unmergedLeaves: [at === 1 ? 3 : 9] },
        { ...parent, unmergedLeaves: [0] },
      ];
      return forged.map((one) => tree.with(at, { ...node, parent: one }));
    });
    for (const changed of broken) {
      // A hostile committer would sign the hash of its own tree.
      const context = { ...next.groupContext, treeHash: rootHash(changed) };
      await expect(checkTree(changed, context, expected)).rejects.toMatchObject(failed);
    }
    await expect(checkTree(tree, { ...next.groupContext, treeHash: randomBytes(32) }, expected)).rejects.toMatchObject(
      failed,
    );
  });
});

describe("bad input", () => {
  test("meets MLS_FAILED: no welcome, somebody else's, a secret too many or too few, a state too long", async () => {
    const devices = await newDevices(3, 1);
    const expected = expectedOf(devices);
    const [creator, friend, stranger] = devices as [Device, Device, Device];
    const secret = { id: utf8("pair"), secret: randomBytes(32) };
    const input = { own: creator.keyPackage, groupState: utf8("s"), add: [friend.keyPackage.public], expected };
    const plain = must((await createMlsGroup(input)).welcome);
    const mixed = must((await createMlsGroup({ ...input, psk: secret })).welcome);
    const own = friend.keyPackage.private;
    const attempts = [
      { own, welcome: randomBytes(200), expected },
      { own, welcome: plain.slice(0, 300), expected },
      { own: stranger.keyPackage.private, welcome: plain, expected },
      { own, welcome: plain, expected, psk: secret },
      { own, welcome: mixed, expected },
      { own, welcome: mixed, expected, psk: { ...secret, id: utf8("other") } },
      { own, welcome: mixed, expected, psk: { ...secret, secret: randomBytes(32) } },
    ];
    for (const attempt of attempts) await expect(joinMlsGroup(attempt)).rejects.toMatchObject(failed);
    await joinMlsGroup({ own, welcome: mixed, expected, psk: secret });
    const tooLong = { ...input, groupState: new Uint8Array(48 * 1024 + 1) };
    await expect(createMlsGroup(tooLong)).rejects.toMatchObject(failed);
    const { group } = await createMlsGroup(input);
    for (const change of [
      { groupState: tooLong.groupState },
      { add: [randomBytes(100)] },
      { remove: [stranger.claim.deviceKey] },
      { remove: [creator.claim.deviceKey] },
      { remove: [friend.claim.deviceKey, friend.claim.deviceKey] },
    ]) {
      await expect(createGroupCommit(group, { ...change, expected })).rejects.toMatchObject(failed);
    }
  });

  test("mixes a secret into a later commit for those who have it", async () => {
    const devices = await newDevices(2, 1);
    const expected = expectedOf(devices);
    const [one, two] = (await newGroup(devices)) as [MlsGroup, MlsGroup];
    const secret = { id: utf8("pair"), secret: randomBytes(32) };
    const { commit } = await createGroupCommit(one, { psk: secret, expected });
    expect(await readGroupCommit(two, commit, expected, secret)).toMatchObject({ psk: true });
    await expect(readGroupCommit(two, commit, expected)).rejects.toMatchObject(failed);
    expect(decodeGroup(encodeGroup(two)).groupContext).toEqual(two.groupContext);
  });
});
