import { decodeFunctionData, encodeFunctionResult, erc20Abi, type Hex, keccak256, toHex, zeroAddress } from "viem";
import { expect, test, vi } from "vitest";
import { placeOfConcluded, placeOfEscrow } from "../../src/agreements/inChat/concluded.ts";
import { checkDraftHere, confirmationOf, lookAlikesIn } from "../../src/agreements/inChat/problems.ts";
import { readSaid } from "../../src/agreements/inChat/said.ts";
import { draftToJson, parseDraft } from "../../src/agreements/parseDraft.ts";
import { agreementIdOf, termsOf } from "../../src/agreements/termsOf.ts";
import type { Core } from "../../src/client/core.ts";
import type { StoredStep } from "../../src/conversation/content/agreement.ts";
import { agreementOps } from "../../src/conversation/content/agreementIndex.ts";
import type { HistoryMessage } from "../../src/conversation/content/types.ts";
import { identityRegistryAbi, skmAbi } from "../../src/generated/index.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";
import type { AgreementDraft, AgreementMoney } from "../../src/types/agreements.ts";
import type { Asset } from "../../src/types/money.ts";
import type { Address, PublicId } from "../../src/types/primitives.ts";
import { hire, inDays, partyOf } from "../support/agreements.ts";
import { contractsAt } from "../support/contracts.ts";

const [skm, usdt, fake]: [Address, Address, Address] = [
  `0x${"5".repeat(40)}`,
  `0x${"6".repeat(40)}`,
  `0x${"7".repeat(40)}`,
];
const base = hire();
const [alice, bob] = base.parties.map(({ publicId }) => publicId) as [PublicId, PublicId];
const now = Date.now();

const draftOf = (token: Address, symbol: string, over: Partial<AgreementDraft> = {}): AgreementDraft => {
  const money = base.money as AgreementMoney;
  return parseDraft({ ...base, money: { ...money, asset: { ...money.asset, token, symbol } }, ...over });
};

/** Everybody is registered as the draft says; the network lists SKM, its coin and one token. */
async function world(tokens: Record<Address, { symbol: string; listed: boolean }>, people = [alice, bob]) {
  const asset = (token: Address): Asset => ({
    ...{ chainId: 31_337, token, name: "A token", decimals: 18, moves: "transaction" as const },
    ...(tokens[token] as { symbol: string; listed: boolean }),
  });
  const answer = async (method: string, [call]: [{ to: Address; data: string }]) => {
    if (method !== "eth_call") throw new Error(method);
    const party = base.parties.find(({ publicId }) => call.data.includes(publicId.slice(2)));
    if (!party) return wordOf(call.data as Hex, tokens[call.to]?.symbol ?? "");
    const record = {
      ...{ owner: party.wallet, keyVersion: 1, registeredAt: 0n, revoked: false, controller: zeroAddress },
      ...{ devicesBlock: 1n, publicId: party.publicId, agreementKey: zero, deviceRoot: zero, saltName: zero },
      name: party.pseudonym,
    };
    return encodeFunctionResult({ abi: identityRegistryAbi, functionName: "identityByPublicId", result: [1n, record] });
  };
  const vault = await openVault(createMemoryStore());
  const messages = new Map<string, HistoryMessage>();
  const core = {
    ...{ signal: new AbortController().signal, now: () => now, vault, self: { identity: { publicId: alice } } },
    threads: {
      get: () => ({ state: { people: Object.fromEntries(people.map((one) => [one, {}])) } }),
      message: async (_: string, id: string) => messages.get(id),
    },
    payments: {
      assets: {
        read: async ({ token }: { token: Address }) => asset(token),
        listed: async () =>
          Object.keys(tokens)
            .filter((token) => tokens[token as Address]?.listed)
            .map((token) => asset(token as Address)),
      },
    },
    chain: {
      network: { chainId: 31_337, contracts: { ...contractsAt(skm), skm } },
      rpc: {
        endpoints: () => ["one", "two"].map((operator) => ({ url: operator, operator })),
        request: answer,
        requestAt: (_: unknown, method: string, params: [{ to: Address; data: string }]) => answer(method, params),
      },
    },
  } as unknown as Core;
  const say = async (conversation: string, n: number, from: PublicId, step: StoredStep, id = `${n}`.repeat(32)) => {
    const message: HistoryMessage = {
      ...{ id, number: n, from, outgoing: false, at: n, delivery: "delivered" },
      body: { type: "agreement", step },
    };
    messages.set(id, message);
    await vault.write(agreementOps(conversation, message));
    return id;
  };
  return { core, say };
}
const zero = `0x${"0".repeat(64)}` as const;

/** What a token says of itself; it knows no signatures. */
function wordOf(data: Hex, symbol: string): Hex {
  const { functionName } = decodeFunctionData({ abi: [...erc20Abi, ...skmAbi], data });
  if (functionName === "decimals" || functionName === "balanceOf")
    return encodeFunctionResult({
      abi: erc20Abi,
      functionName,
      result: (functionName === "decimals" ? 18 : 0n) as never,
    });
  if (functionName !== "symbol" && functionName !== "name") return "0x";
  return encodeFunctionResult({ abi: erc20Abi, functionName, result: symbol });
}

const network = {
  [skm]: { symbol: "SKM", listed: true },
  [usdt]: { symbol: "USDT", listed: true },
  [zeroAddress]: { symbol: "GAS", listed: true },
};

test("a token is called what the network calls it; what nobody lists is marked, and may not pass for what is listed", async () => {
  const { core } = await world({ ...network, [fake]: { symbol: "ACME", listed: false } });
  const found = (draft: AgreementDraft) => confirmationOf(core, "c", draft);
  expect(await found(draftOf(zeroAddress, "GAS"))).toEqual({});
  expect(await found(draftOf(skm, "SKM"))).toEqual({});
  expect(await found(draftOf(fake, "ACME"))).toEqual({ unlisted: true });
  for (const [token, symbol] of [
    [zeroAddress, "SKM"],
    [zeroAddress, "USDT"],
    [skm, "USDT"],
    [fake, "SKM"],
  ] as const)
    expect(await found(draftOf(token, symbol))).toEqual({ problem: "AGREEMENT_ASSET_DIFFERS" });
  for (const symbol of ["SKM", "skm", "ЅKM", "USDТ"]) {
    const { core: fooled } = await world({ ...network, [fake]: { symbol, listed: false } });
    expect(await confirmationOf(fooled, "c", draftOf(fake, symbol))).toEqual({ problem: "AGREEMENT_ASSET_DIFFERS" });
    await expect(checkDraftHere(fooled, "c", draftOf(fake, symbol))).rejects.toMatchObject({
      code: "AGREEMENT_ASSET_DIFFERS",
    });
  }
});

test("nobody signs where a party is missing, or what the contract refuses for its dates", async () => {
  const { core } = await world(network, [alice]);
  expect(await confirmationOf(core, "c", draftOf(skm, "SKM"))).toEqual({ problem: "AGREEMENT_NOT_WITH_THESE" });
  const { core: both } = await world(network);
  const money = draftOf(skm, "SKM").money as AgreementMoney;
  const far = money.milestones.map((one) => ({ ...one, due: inDays(3652) }));
  const draft = draftOf(skm, "SKM");
  const late = parseDraft({ ...draft, money: { ...money, milestones: far } });
  expect(await confirmationOf(both, "c", late)).toEqual({ problem: "AGREEMENT_DATE_TOO_FAR" });
  const farther = money.milestones.map((one) => ({ ...one, due: inDays(3659) }));
  expect(() => parseDraft({ ...draft, money: { ...money, milestones: farther } })).toThrow("money.milestones.0.due");
});

test("of a text and its copies counts where this person signed it, whichever came here first", async () => {
  const { core, say } = await world(network);
  const draft = draftToJson(draftOf(skm, "SKM"));
  const copy = await say("c", 1, bob, { did: "proposed", draft });
  const first = await say("c", 2, alice, { did: "proposed", draft });
  const carried = await say("d", 3, bob, { did: "proposed", draft });
  const countsIn = async (conversation: string, id: string) =>
    readSaid(core, conversation, id).then(
      ({ versions }) => versions.length,
      (error) => error.code,
    );
  // Whoever has signed nothing is bound by none of them.
  expect(await countsIn("c", first)).toBe(1);
  expect(await countsIn("c", copy)).toBe(1);
  expect(await countsIn("d", carried)).toBe(1);
  const signed = { did: "signed", wallet: base.parties[0]?.wallet as Address, signature: "0x12" } as const;
  await say("c", 4, alice, { ...signed, of: first, version: first });
  expect(await countsIn("c", first)).toBe(1);
  expect(await countsIn("c", copy)).toBe("MESSAGE_UNKNOWN");
  expect(await countsIn("d", carried)).toBe("MESSAGE_UNKNOWN");
  // Somebody else's signature under a copy changes nothing; one's own makes it count, too.
  await say("d", 5, bob, { ...signed, of: carried, version: carried });
  expect(await countsIn("d", carried)).toBe("MESSAGE_UNKNOWN");
  await say("d", 6, alice, { ...signed, of: carried, version: carried });
  expect(await countsIn("d", carried)).toBe(1);
  expect(await countsIn("c", first)).toBe(1);
  // Nor is it brought into another agreement as a change of that.
  const again = draftToJson({ ...draftOf(skm, "SKM"), salt: keccak256(toHex(1)) });
  const second = await say("c", 7, bob, { did: "proposed", draft: again });
  const changed = await say("c", 8, bob, { did: "changed", of: second, before: second, draft });
  const said = await readSaid(core, "c", second);
  expect(said.versions.map(({ id }) => id)).toEqual([second]);
  expect(said.messages.toSorted()).toEqual([second, changed].toSorted());
});

test("another text with the same salt, signed elsewhere, hides none from the person", async () => {
  const { core, say } = await world(network);
  const text = draftOf(skm, "SKM");
  const other = parseDraft({ ...text, values: { ...text.values, job: "A seal" } });
  const signed = { did: "signed", wallet: base.parties[0]?.wallet as Address, signature: "0x12" } as const;
  const trap = await say("d", 1, bob, { did: "proposed", draft: draftToJson(other) });
  await say("d", 2, alice, { ...signed, of: trap, version: trap });
  expect((await readSaid(core, "d", trap)).signed).toHaveLength(1);
  const real = await say("c", 3, bob, { did: "proposed", draft: draftToJson(text) });
  expect((await readSaid(core, "c", real)).versions.map(({ id }) => id)).toEqual([real]);
  await say("c", 4, alice, { ...signed, of: real, version: real });
  // Both are signed now, each where it was: copies of either count for nothing elsewhere.
  expect((await readSaid(core, "c", real)).signed).toHaveLength(1);
  expect((await readSaid(core, "d", trap)).signed).toHaveLength(1);
  for (const [n, draft] of [text, other].entries()) {
    const copy = await say("e", 5 + n, bob, { did: "proposed", draft: draftToJson(draft) });
    await expect(readSaid(core, "e", copy)).rejects.toMatchObject({ code: "MESSAGE_UNKNOWN" });
  }
});

test("somebody's copy that came first does not keep a person from what they signed", async () => {
  const { core, say } = await world(network);
  const draft = draftToJson(draftOf(skm, "SKM"));
  const mallory: PublicId = `0x${"e".repeat(64)}`;
  await say("c", 1, mallory, { did: "proposed", draft });
  const first = await say("c", 2, bob, { did: "proposed", draft });
  expect((await readSaid(core, "c", first)).versions.map(({ id }) => id)).toEqual([first]);
});

test("what is done with a file is told where the text came, though nobody looked at it there; not in a group that was left", async () => {
  const { core, say } = await world(network);
  const draft = draftOf(skm, "SKM");
  const other = draftToJson(parseDraft({ ...draft, values: { ...draft.values, job: "A seal" } }));
  const id = agreementIdOf(termsOf(draft), core.chain.network);
  expect(await placeOfConcluded(core, id)).toBeUndefined();
  await say("b", 1, bob, { did: "proposed", draft: other });
  const left = await say("c", 2, bob, { did: "proposed", draft: draftToJson(draft) });
  Object.assign(core.threads, {
    get: (name: string) => (name === "c" ? { left: "left", state: { people: {} } } : { state: { people: {} } }),
  });
  expect(await placeOfConcluded(core, id)).toEqual({ conversationId: "c", agreement: left });
  const entered = await say("d", 3, bob, { did: "proposed", draft: draftToJson(draft) });
  expect(await placeOfConcluded(core, id)).toEqual({ conversationId: "d", agreement: entered });
  // Said again where strangers hear it, it is not told there: whoever has a text can say it anywhere.
  Object.assign(core.threads, { get: () => ({ state: { people: { [`0x${"e".repeat(64)}`]: {} } } }) });
  expect(await placeOfConcluded(core, id)).toBeUndefined();
  Object.assign(core.threads, { get: () => ({ state: { people: { [bob]: {} } } }) });
  // Once it is known to be on chain, its escrow tells, too.
  const escrow: Address = `0x${"e".repeat(40)}`;
  expect(await placeOfEscrow(core, escrow)).toBeUndefined();
  const value = { version: entered, id, at: 1, escrow };
  await core.vault.write([{ collection: "agreements concluded", key: `d ${entered}`, value }]);
  expect(await placeOfEscrow(core, escrow)).toEqual({ conversationId: "d", agreement: entered });
});

test("what was said of a text is read once to find where it is told", async () => {
  const { core, say } = await world(network);
  const draft = draftOf(skm, "SKM");
  const agreement = await say("c", 1, bob, { did: "proposed", draft: draftToJson(draft) });
  const read = vi.spyOn(core.threads, "message");
  Object.assign(core.threads, { get: () => ({ state: { people: {} } }) });
  const place = { conversationId: "c", agreement };
  const id = agreementIdOf(termsOf(draft), core.chain.network);
  expect(await placeOfConcluded(core, id)).toEqual(place);
  expect(read).toHaveBeenCalledTimes(1);
  // Known to be on chain, it is found by that alone; whether it may be told there is still read.
  await core.vault.write([{ collection: "agreements concluded", key: `c ${agreement}`, value: { id: "0x01" } }]);
  expect(await placeOfConcluded(core, "0x01")).toEqual(place);
  expect(read).toHaveBeenCalledTimes(2);
  expect(await placeOfConcluded(core, id)).toBeUndefined();
  expect(read).toHaveBeenCalledTimes(2);
  read.mockResolvedValue(undefined);
  expect(await placeOfConcluded(core, "0x01")).toBeUndefined();
});

test("names that pass for others' are told, of the arbiter as of a party", async () => {
  const { core } = await world(network);
  const contact = (pseudonym: string, digit: string) => ({ pseudonym, publicId: `0x${digit.repeat(64)}` });
  Object.assign(core, { book: { all: () => [contact("judy", "c"), contact("bob", "d"), ...base.parties.slice(1)] } });
  const judge = partyOf("arbiter", "jucly", 3);
  expect(lookAlikesIn(core, { ...base, arbiter: partyOf("arbiter", "carol", 3) })).toEqual([
    { publicId: bob, pseudonym: "bob", other: "bob" },
  ]);
  Object.assign(core, { book: { all: () => [contact("judy", "c")] } });
  expect(lookAlikesIn(core, { ...base, arbiter: judge })).toEqual([
    { publicId: judge.publicId, pseudonym: judge.pseudonym, other: "judy" },
  ]);
  expect(lookAlikesIn(core, { ...base, arbiter: partyOf("arbiter", "b0b", 3) })).toEqual([
    { publicId: bob, pseudonym: "bob", other: "b0b" },
    { publicId: partyOf("arbiter", "b0b", 3).publicId, pseudonym: "b0b", other: "bob" },
  ]);
  expect(lookAlikesIn(core, base)).toEqual([]);
});
