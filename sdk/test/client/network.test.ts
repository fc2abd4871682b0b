import { encodeFunctionResult, type Hex } from "viem";
import { describe, expect, test } from "vitest";
import { chooseNetwork } from "../../src/client/chooseNetwork.ts";
import { openNetwork } from "../../src/client/network.ts";
import { relayRegistryAbi } from "../../src/generated/index.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";
import { contractsAt } from "../support/contracts.ts";
import { rpcAnswer } from "../support/rpcAnswer.ts";

/** What relays say about the network and about each other. */

const ofByte = (byte: string) => contractsAt(`0x${byte.repeat(20)}`);
const honest = { chainId: 7586, name: "Skrumble", contracts: ofByte("11") };
const forged = { chainId: 7586, name: "Skrumble", contracts: ofByte("66") };

interface Listed {
  id: number;
  operator: string;
}
const list = (...relays: Listed[]): Hex =>
  encodeFunctionResult({
    abi: relayRegistryAbi,
    functionName: "activeRelays",
    result: relays.map(({ id, operator }) => ({
      id: BigInt(id),
      relay: {
        operator: `0x${operator.repeat(20)}` as const,
        registeredAt: 0n,
        unbondingAt: 0n,
        roles: 1,
        anchorKey: `0x${"00".repeat(20)}` as const,
        stake: 0n,
        signingKey: `0x${operator.repeat(32)}` as const,
        endpoint: `http://r${id}.test`,
        region: "eu",
      },
    })) as never,
  });

/** Relay i answers with these, or not at all. */
type Says = { info?: unknown; relays?: Hex } | undefined;
const fakeFetch =
  (relays: Says[]): typeof fetch =>
  async (input, init) => {
    const url = new URL(String(input));
    const says = relays[Number(url.hostname.match(/\d+/)?.[0])];
    const answer = url.pathname === "/rpc" ? says?.relays : says?.info;
    if (answer === undefined) throw new TypeError("fetch failed");
    return url.pathname === "/rpc" ? rpcAnswer(init, { result: answer }) : Response.json(answer);
  };
const urls = (count: number) => Array.from({ length: count }, (_, i) => `http://r${i}.test`);

describe("what network this is", () => {
  const choose = (relays: Says[], builtIn: (typeof honest)[] = []) =>
    chooseNetwork(urls(relays.length), { fetch: fakeFetch(relays), builtIn });
  const yes = { info: honest };
  const lie = { info: forged };

  test("is what two relays say, however fast a third one is", async () => {
    expect(await choose([lie, yes, yes])).toEqual(honest);
    expect(await choose([undefined, yes, yes])).toEqual(honest);
    await expect(choose([lie, yes])).rejects.toMatchObject({ code: "QUORUM_FAILED" });
  });

  test("is another one where other validators would be believed, or none", async () => {
    const [one, other] = ["11", "66"].map((byte): `0x${string}` => `0x${byte.repeat(20)}`);
    const sealed = { info: { ...honest, validators: [one] } };
    expect(await choose([sealed, yes, sealed])).toEqual(sealed.info);
    await expect(choose([sealed, yes])).rejects.toMatchObject({ code: "QUORUM_FAILED" });
    await expect(choose([sealed, { info: { ...honest, validators: [other] } }])).rejects.toMatchObject({
      code: "QUORUM_FAILED",
    });
    expect(await choose([{ info: { ...honest, validators: [] } }, yes, yes])).toEqual(honest);
    // The same ones at another block may have others behind them.
    const hash = `0x${"aa".repeat(32)}`;
    const at = (validatorsAt: unknown) => ({ info: { ...sealed.info, validatorsAt } });
    const named = at({ number: 5, hash });
    expect(await choose([named, sealed, at({ number: 5, hash: hash.toUpperCase().replace("X", "x") })])).toEqual(
      named.info,
    );
    for (const other of [{ number: 6, hash }, { number: 5 }, { number: 5, hash: `0x${"bb".repeat(32)}` }])
      await expect(choose([named, at(other)])).rejects.toMatchObject({ code: "QUORUM_FAILED" });
  });

  test.each([
    { validators: ["0x11"] },
    { validators: [`0x${"11".repeat(20)}`, `0x${"11".repeat(20)}`] },
    { validatorsAt: 5 },
    { validatorsAt: { number: -1 } },
    { validatorsAt: { number: 5, hash: "0x" } },
    { validatorsAt: { hash: `0x${"11".repeat(32)}` } },
  ])("is not known from nonsense about who seals its blocks: %j", async (more) => {
    await expect(choose([{ info: { ...honest, ...more } }])).rejects.toMatchObject({ code: "NETWORK_INVALID" });
  });

  test.each(Object.keys(honest.contracts))("is another one where %s is elsewhere", async (name) => {
    const other = { ...honest, contracts: { ...honest.contracts, [name]: `0x${"66".repeat(20)}` } };
    await expect(choose([yes, { info: other }])).rejects.toMatchObject({ code: "QUORUM_FAILED" });
  });

  test("is one relay's word when only one was given, or when the program knows that network", async () => {
    expect(await choose([yes])).toEqual(honest);
    await expect(choose([yes, undefined])).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
    expect(await choose([undefined, yes], [honest])).toEqual(honest);
    await expect(choose([undefined, lie], [honest])).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
  });

  test("is not known when nobody says it, or only nonsense", async () => {
    await expect(choose([undefined, undefined])).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
    await expect(choose([{ info: {} }, { info: {} }])).rejects.toMatchObject({ code: "NETWORK_INVALID" });
    await expect(choose([])).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
    // The same address twice is one voice.
    const twice = chooseNetwork(["http://r0.test", "http://r0.test"], { fetch: fakeFetch([yes]), builtIn: [] });
    expect(await twice).toEqual(honest);
  });
});

describe("the directory of relays", () => {
  const three = list({ id: 0, operator: "aa" }, { id: 1, operator: "bb" }, { id: 2, operator: "cc" });
  const captured = list({ id: 0, operator: "aa" });
  const inventing = list({ id: 0, operator: "aa" }, { id: 7, operator: "dd" }, { id: 8, operator: "ee" });

  async function start(relays: Says[]) {
    const vault = await openVault(createMemoryStore());
    const network = await openNetwork({ relays: urls(3), fetch: fakeFetch(relays) }, vault);
    const ids = async () => (await network.directory()).map(({ id }) => id);
    return { vault, network, ids, operators: () => new Set(network.chain.rpc.endpoints().map((one) => one.operator)) };
  }
  const says = (relays: Hex): Says => ({ info: honest, relays });

  test.each([
    ["one that would be the only operator", captured],
    ["one that invents operators", inventing],
  ])("is not taken from one relay: %s", async (_, lie) => {
    const relays = [says(three), says(three), says(three)];
    const { vault, ids, operators } = await start(relays);
    expect(await ids()).toEqual([0, 1, 2]);
    for (const liar of [0, 1, 2]) {
      relays.fill(says(three));
      relays[liar] = says(lie);
      expect(await ids()).toEqual([0, 1, 2]);
      expect(operators().size).toBe(3);
    }
    // Alone it convinces nobody either, now or after a restart.
    relays.fill(undefined);
    relays[0] = says(lie);
    expect(await ids()).toEqual([0, 1, 2]);
    const again = await openNetwork({ relays: urls(3), fetch: fakeFetch(relays) }, vault);
    expect((await again.directory()).map(({ id }) => id)).toEqual([0, 1, 2]);
  });

  test("is not taken from one relay at the first start", async () => {
    const { ids } = await start([says(captured), says(three), says(three)]);
    expect(await ids()).toEqual([0, 1, 2]);
  });

  test("may become smaller when two operators say so", async () => {
    const relays = [says(three), says(three), says(three)];
    const { ids } = await start(relays);
    await ids();
    relays[1] = says(captured);
    relays[2] = says(captured);
    expect(await ids()).toEqual([0]);
  });

  test("lets a person in who has only one relay up but was here before", async () => {
    const relays = [says(three), says(three), says(three)];
    const { vault } = await start(relays);
    relays.fill(undefined, 1);
    const { chain } = await openNetwork({ relays: urls(3), fetch: fakeFetch(relays) }, vault);
    expect(chain.network).toEqual(honest);
  });

  test("comes with a place for the validators that were followed, from one start to the next", async () => {
    const { vault, network } = await start([says(three), says(three), says(three)]);
    expect(await network.chain.checkpoints?.read()).toBeUndefined();
    await network.chain.checkpoints?.write({ number: "5" });
    const next = await openNetwork({ relays: urls(3), fetch: fakeFetch([]) }, vault);
    expect(await next.chain.checkpoints?.read()).toEqual({ number: "5" });
    await next.chain.checkpoints?.write(undefined);
    expect(await network.chain.checkpoints?.read()).toBeUndefined();
  });
});
