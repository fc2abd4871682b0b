import { zeroAddress } from "viem";
import { afterEach, expect, test } from "vitest";
import { connect, eventually, joinPerson, type Person } from "../../../test/support/network.ts";
import { type EscrowAction, escrowTypedData } from "../../src/agreements/actOnEscrow.ts";
import { keepAct } from "../../src/agreements/inChat/records.ts";
import { draftToJson } from "../../src/agreements/parseDraft.ts";
import { createLocalWallet, newWalletKey } from "../../src/index.ts";
import { openVault } from "../../src/store/index.ts";
import type { AgreementDraft, AgreementMoney } from "../../src/types/agreements.ts";
import type { AgreementView, Conversation, MilestoneAct, WalletSigner } from "../../src/types/client.ts";
import type { Address, Hex, MessageId } from "../../src/types/primitives.ts";
import { hire, inDays, promise } from "../support/agreements.ts";
import { idOf, useNetwork } from "../support/network.ts";
import { chainOf } from "../support/skm.ts";
import { tokensOn } from "../support/tokens.ts";

/** Agreements from the first word to the last payment, in a conversation. */

const network = useNetwork();
const skm = 10n ** 18n;
const people: Person[] = [];

afterEach(async () => {
  await Promise.all(people.splice(0).map(({ client }) => client.close()));
});

async function group(...names: string[]): Promise<Person[]> {
  const all = await Promise.all(names.map((name) => joinPerson(network, name)));
  people.push(...all);
  const [host, ...others] = all as [Person, ...Person[]];
  for (const other of others) await connect(host, other);
  await host.client.groups.create({ name: "The case", people: others.map(idOf) });
  for (const person of all) await eventually("the group", async () => groupOf(person, all.length));
  return all;
}

async function groupOf({ client }: Person, size = 0): Promise<Conversation | undefined> {
  const summary = (await client.conversations.list()).find(({ kind }) => kind === "group");
  return summary?.kind === "group" && summary.group.people.length >= size
    ? client.conversations.open(summary.id)
    : undefined;
}

const endOf = (person: Person): Promise<Conversation> => eventually("the group", () => groupOf(person));

const until = (end: Conversation, id: MessageId, what: string, holds: (view: AgreementView) => boolean) =>
  eventually(what, async () => {
    const view = await end.agreements.look(id).catch(() => undefined);
    return view && holds(view) ? view : undefined;
  });

async function hireOf(end: Conversation, client: Person, worker: Person, judge: Person): Promise<AgreementDraft> {
  const base = hire();
  const { chainId } = network.chain;
  const money = base.money as AgreementMoney;
  const party = async (person: Person, role: string) => ({ ...(await end.agreements.party(idOf(person))), role });
  return {
    ...base,
    chainId,
    parties: [await party(client, "client"), await party(worker, "freelancer")],
    arbiter: await party(judge, "arbiter"),
    money: {
      asset: { ...money.asset, chainId, token: network.deployment.contracts.skm },
      milestones: money.milestones.slice(0, 2),
      rules: { ...money.rules, rulingTime: 7 * 86_400 },
    },
  };
}

/** As if the page had been closed right after the wallet signed. */
async function keepSigned(
  { store, wallet }: Person,
  { id, escrow, version }: AgreementView,
  { conversationId, amount, ...what }: { conversationId: string; do: "accept"; amount: bigint },
): Promise<void> {
  const { money } = version.draft;
  if (!escrow || !money) throw new Error("an escrow expected");
  const step = escrow.milestones[0]?.step as bigint;
  const deadline = BigInt(inDays(1));
  const action: EscrowAction = { ...what, index: 0, amount };
  const typed = escrowTypedData(network.chain.chainId, escrow.address, action, { step, deadline });
  const vault = await openVault(store);
  await keepAct(vault, {
    ...{ told: { conversationId, agreement: id }, id: "5".repeat(32), escrow: escrow.address },
    act: { ...what, index: 0, amount: String(amount) },
    money: { token: money.asset.token, amounts: money.milestones.map((one) => String(one.amount)) },
    wallet: wallet.address.toLowerCase() as Address,
    ...{ step: String(step), deadline: Number(deadline), from: 1, ready: true },
    signature: await wallet.signTypedData(typed),
  });
  await vault.close();
}

/** A wallet that counts what it was asked for. */
function counted({ address, signTypedData }: WalletSigner) {
  const asked: string[] = [];
  const wallet: WalletSigner = {
    address,
    signTypedData(typedData) {
      asked.push(typedData.primaryType);
      return signTypedData(typedData);
    },
  };
  return { asked, wallet };
}

test("negotiated with one change, signed by both, paid, accepted, disputed and ruled on; everybody sees the same", async () => {
  const [client, worker, judge] = (await group("client", "worker", "judge")) as [Person, Person, Person];
  const chain = chainOf(network);
  await chain.giveSkm(client.wallet.address, 100n * skm);
  const ends = await Promise.all([client, worker, judge].map(endOf));
  const [ours, theirs, judges] = ends as [Conversation, Conversation, Conversation];
  const draft = await hireOf(ours, client, worker, judge);
  const { id } = await ours.agreements.propose(draft);
  await until(theirs, id, "the proposal", ({ state }) => state === "proposed");

  const wallet = counted(client.wallet);
  await ours.agreements.sign(id, { version: id, wallet: wallet.wallet });
  await until(theirs, id, "a signature", ({ state }) => state === "signing");
  const money = draft.money as AgreementMoney;
  const [first, second] = money.milestones as [AgreementMoney["milestones"][0], AgreementMoney["milestones"][0]];
  const dearer = { ...draft, money: { ...money, milestones: [{ ...first, amount: 3n * skm }, second] } };
  const { id: version } = await theirs.agreements.change(id, id, dearer);
  await expect(theirs.agreements.change(id, id, dearer)).rejects.toMatchObject({ code: "AGREEMENT_MOVED_ON" });
  const changed = await until(ours, id, "the change", ({ versions }) => versions.length === 2);
  expect(changed).toMatchObject({ state: "proposed", role: "client", bound: [id] });
  expect(changed.version.changes).toMatchObject([{ what: "milestone", index: 0, after: { amount: 3n * skm } }]);
  // A signature under the version before counts for nothing here.
  await expect(ours.agreements.sign(id, { version: id, wallet: client.wallet })).rejects.toMatchObject({
    code: "AGREEMENT_MOVED_ON",
  });
  await expect(judges.agreements.sign(id, { version, wallet: judge.wallet })).rejects.toMatchObject({
    code: "AGREEMENT_NOT_YOURS",
  });
  await expect(ours.agreements.sign(id, { version, wallet: worker.wallet })).rejects.toMatchObject({
    code: "WALLET_WRONG_ACCOUNT",
  });
  await ours.agreements.sign(id, { version, wallet: wallet.wallet });
  expect(wallet.asked).toEqual(["Terms", "Terms"]);
  await until(theirs, id, "one signature", ({ state }) => state === "signing");
  await theirs.agreements.sign(id, { version, wallet: worker.wallet });
  const views = await Promise.all(ends.map((end) => until(end, id, "force", ({ state }) => state === "in-force")));
  for (const view of views) expect(view.concluded).toEqual(views[0]?.concluded);
  expect(views[2]).toMatchObject({ role: "arbiter", version: { id: version, number: 2 } });
  await eventually("the word of it", async () =>
    (await ours.messages()).some(({ body }) => body.type === "agreement" && body.step.did === "concluded"),
  );

  const act = async (end: Conversation, by: WalletSigner, what: MilestoneAct) => {
    const { escrow } = await end.agreements.look(id);
    const seen = "index" in what ? escrow?.milestones[what.index]?.step : escrow?.step;
    return end.agreements.act(id, what, { wallet: by, seen: seen as bigint });
  };
  await expect(act(theirs, worker.wallet, { do: "fund", first: 0, count: 2 })).rejects.toMatchObject({
    code: "ESCROW_NOT_YOURS",
  });
  const before = await chain.skmOf(client.wallet.address);
  expect(before).toBeGreaterThanOrEqual(100n * skm);
  const had = await chain.skmOf(worker.wallet.address);
  await act(ours, wallet.wallet, { do: "fund", first: 0, count: 2 });
  expect(wallet.asked.slice(2)).toEqual(["TransferWithAuthorization"]);
  expect(await chain.skmOf(client.wallet.address)).toBe(before - 5n * skm);
  const text = "Both drafts, as PDF.";
  await until(theirs, id, "the money", ({ escrow }) => escrow?.milestones[0]?.state === "funded");
  await act(theirs, worker.wallet, { do: "submit", index: 0, text });
  const handed = await until(ours, id, "the work", ({ events }) => events.at(-1)?.act.do === "submit");
  expect(handed.events.at(-1)?.act).toEqual({ do: "submit", index: 0, text });
  // Its page is closed when the wallet has signed: it goes on when it is opened again, once.
  await client.client.close();
  await keepSigned(client, handed, { conversationId: ours.id, do: "accept", amount: 3n * skm });
  await client.reopen();
  const again = await endOf(client);
  await until(theirs, id, "the payment", ({ escrow }) => escrow?.milestones[0]?.state === "settled");
  await until(again, id, "its message", ({ events }) => events.at(-1)?.act.do === "accept");
  await act(theirs, worker.wallet, { do: "submit", index: 1, text: "The final one." });
  await until(again, id, "more work", ({ escrow }) => escrow?.milestones[1]?.state === "submitted");
  await act(again, client.wallet, { do: "reject", index: 1, text: "It is not what we agreed on." });
  await until(theirs, id, "no", ({ escrow }) => escrow?.milestones[1]?.state === "rejected");
  await act(theirs, worker.wallet, { do: "dispute", index: 1, text: "It is." });
  await until(judges, id, "the dispute", ({ escrow }) => escrow?.milestones[1]?.state === "disputed");
  await act(judges, judge.wallet, { do: "rule", index: 1, toPayee: skm / 2n });
  const done = await Promise.all(
    [again, theirs, judges].map((end) =>
      until(
        end,
        id,
        "the end",
        ({ state, events }) => state === "finished" && events.length === 7 && events.every((e) => e.state === "true"),
      ),
    ),
  );
  for (const { events } of done)
    expect(events.map(({ act: { do: what } }) => what).toSorted()).toEqual(
      ["fund", "submit", "accept", "submit", "reject", "dispute", "rule"].toSorted(),
    );
  expect(await chain.skmOf(worker.wallet.address)).toBe(had + 35n * 10n ** 17n);
  expect(await chain.skmOf(client.wallet.address)).toBe(before - 35n * 10n ** 17n);
  // Nothing of what was said is on chain.
  const transaction = done[0]?.events.find(({ act: { do: what } }) => what === "submit")?.transaction as Hex;
  const { input } = await chain.client.getTransaction({ hash: transaction });
  expect(input).not.toContain(Buffer.from(text).toString("hex"));
});

test("whoever is left concludes; what was signed goes on after a restart; words about the chain are checked", async () => {
  const [ann, ben] = (await group("ann", "ben")) as [Person, Person];
  const [ours, theirs] = [await endOf(ann), await endOf(ben)];
  const party = async (person: Person) => ({ ...(await ours.agreements.party(idOf(person))), role: "party" });
  const draft = promise({ chainId: network.chain.chainId, parties: [await party(ann), await party(ben)] });
  const { id } = await ours.agreements.propose({ ...draft, signBy: inDays(2) });
  await until(theirs, id, "the proposal", () => true);
  await ours.agreements.sign(id, { version: id, wallet: ann.wallet });
  await until(theirs, id, "a signature", ({ state }) => state === "signing");
  await theirs.agreements.sign(id, { version: id, wallet: ben.wallet });
  // Ben's page is closed at once; Ann's goes on.
  await ben.client.close();
  await until(ours, id, "force", ({ state }) => state === "in-force");
  await ben.reopen();
  await until(await endOf(ben), id, "force for both", ({ state }) => state === "in-force");
  await expect(ours.agreements.decline(id)).rejects.toMatchObject({ code: "AGREEMENT_EXISTS" });

  const { id: second } = await ours.agreements.propose(draft);
  await until(await endOf(ben), second, "another", () => true);
  await ours.agreements.sign(second, { version: second, wallet: ann.wallet });
  await (await endOf(ben)).agreements.decline(second, "Not this time.");
  const over = await until(ours, second, "no", ({ state }) => state === "declined");
  expect(over).toMatchObject({ declined: { from: idOf(ben), note: "Not this time." }, bound: [second] });
  await ours.agreements.retract(second, second, ann.wallet);
  expect((await ours.agreements.look(second)).signatures[0]).toMatchObject({ state: "retracted" });
  expect((await ours.agreements.look(second)).bound).toEqual([]);
});

test("a later date and an early end are agreed to as proposed; what was paid too much comes back", async () => {
  const [payer, payee] = (await group("payer", "payee")) as [Person, Person];
  const chain = chainOf(network);
  await chain.giveSkm(payer.wallet.address, 20n * skm);
  const [ours, theirs] = [await endOf(payer), await endOf(payee)];
  const { arbiter: _, ...draft } = await hireOf(ours, payer, payee, payee);
  const { rulingTime: __, ...rules } = (draft.money as AgreementMoney).rules;
  const { id } = await ours.agreements.propose({ ...draft, money: { ...(draft.money as AgreementMoney), rules } });
  await ours.agreements.sign(id, { version: id, wallet: payer.wallet });
  await until(theirs, id, "a signature", ({ state }) => state === "signing");
  await theirs.agreements.sign(id, { version: id, wallet: payee.wallet });
  const held = await until(ours, id, "force", ({ state }) => state === "in-force");
  const act = async (end: Conversation, { wallet }: Person, what: MilestoneAct) => {
    const { escrow } = await end.agreements.look(id);
    const seen = "index" in what ? escrow?.milestones[what.index]?.step : escrow?.step;
    return end.agreements.act(id, what, { wallet, seen: seen as bigint });
  };
  await expect(act(ours, payer, { do: "fund", first: 1, count: 1 })).rejects.toMatchObject({
    code: "ESCROW_EARLIER_UNPAID",
  });
  await expect(
    ours.agreements.act(id, { do: "fund", first: 0, count: 1 }, { wallet: payer.wallet, seen: 5n }),
  ).rejects.toMatchObject({ code: "ESCROW_MOVED_ON" });
  // Some of it lies there already: only the rest is asked for.
  await chain.giveSkm(held.escrow?.address as Address, skm / 2n);
  const before = await chain.skmOf(payer.wallet.address);
  const paid = await act(ours, payer, { do: "fund", first: 0, count: 1 });
  expect(await chain.skmOf(payer.wallet.address)).toBe(before - skm / 2n);
  await expect(ours.deleteForMe(id)).rejects.toMatchObject({ code: "AGREEMENT_KEPT" });
  await chain.giveSkm(held.escrow?.address as Address, 7n);
  await until(ours, id, "what is too much", ({ loose }) => loose === 7n);
  await act(ours, payer, { do: "sweep" });
  expect(await chain.skmOf(payer.wallet.address)).toBe(before - skm / 2n + 7n);

  const due = inDays(30);
  await act(theirs, payee, { do: "extend", index: 0, due });
  const later = await until(ours, id, "their later date", ({ consents }) => consents.length === 1);
  expect(later.consents[0]).toMatchObject({ from: idOf(payee), act: { do: "extend", index: 0, due } });
  await act(ours, payer, later.consents[0]?.act as MilestoneAct);
  await until(theirs, id, "the later date", ({ escrow }) => escrow?.milestones[0]?.due === due);
  await act(ours, payer, { do: "cancel", toPayee: skm / 4n });
  const end = await until(theirs, id, "the end", ({ consents }) => consents.length === 1);
  expect(end.consents[0]?.until).toBeGreaterThan(Date.now() + 6 * 86_400_000);
  const had = await chain.skmOf(payee.wallet.address);
  await act(theirs, payee, end.consents[0]?.act as MilestoneAct);
  expect(await chain.skmOf(payee.wallet.address)).toBe(had + skm / 4n);
  const over = await until(
    ours,
    id,
    "all of it",
    ({ state, events }) => state === "finished" && events.length === 6 && events.every((one) => one.state === "true"),
  );
  expect(over).toMatchObject({ consents: [], pending: [] });
  expect(over).not.toHaveProperty("loose");
  expect(Object.values(over.told).every((state) => state === "true")).toBe(true);
  await ours.deleteForMe(paid?.id as MessageId);
});

test("what the wallet itself sends is waited for and counted; what it sent by mistake is the payer's", async () => {
  const { giveCoin } = tokensOn(network);
  const sender = createLocalWallet(newWalletKey(), network.chain.rpcUrl);
  const [payer, payee] = await Promise.all([joinPerson(network, "buyer", {}, sender), joinPerson(network, "seller")]);
  people.push(payer, payee);
  await connect(payer, payee);
  await giveCoin(sender.address, 10n * skm);
  const [ours, theirs] = await Promise.all(
    [payer, payee].map(async ({ client }) => {
      const [pair] = await client.conversations.list();
      return client.conversations.open(pair?.id as string);
    }),
  );
  if (!ours || !theirs) throw new Error("a conversation expected");
  const { arbiter: _, ...draft } = await hireOf(ours, payer, payee, payee);
  const { rulingTime: __, ...rules } = (draft.money as AgreementMoney).rules;
  const { asset, milestones } = draft.money as AgreementMoney;
  const symbol = (await payer.client.money.asset({ chainId: asset.chainId, token: zeroAddress })).symbol;
  const coins = { ...asset, token: zeroAddress, symbol };
  const { id } = await ours.agreements.propose({ ...draft, money: { asset: coins, milestones, rules } });
  await ours.agreements.sign(id, { version: id, wallet: sender });
  await until(theirs, id, "a signature", ({ state }) => state === "signing");
  await theirs.agreements.sign(id, { version: id, wallet: payee.wallet });
  const { escrow } = await until(ours, id, "force", ({ state }) => state === "in-force");
  const by = { wallet: sender, seen: escrow?.step as bigint };
  await ours.agreements.act(id, { do: "fund", first: 0, count: 1 }, by).catch((error) => {
    // Its block may come a moment later: it goes on by itself.
    expect(error).toMatchObject({ code: "ESCROW_UNDER_WAY" });
  });
  const paid = await until(
    theirs,
    id,
    "the money",
    ({ escrow: now, events }) => now?.milestones[0]?.state === "funded" && events[0]?.state === "true",
  );
  expect(await chainOf(network).client.getBalance({ address: paid.escrow?.address as Address })).toBe(skm);
  // To the escrow's address, as if that paid the next one: it belongs to nothing until somebody says so.
  const address = paid.escrow?.address as Address;
  await sender.sendTransaction?.({ to: address, data: "0x", value: skm / 4n, chainId: asset.chainId });
  await until(ours, id, "what lies there", ({ loose, pending }) => loose === skm / 4n && pending.length === 0);
  const had = await chainOf(network).client.getBalance({ address: sender.address });
  const { escrow: now } = await ours.agreements.look(id);
  await ours.agreements.act(id, { do: "sweep" }, { wallet: sender, seen: now?.step as bigint });
  expect(await chainOf(network).client.getBalance({ address: sender.address })).toBe(had + skm / 4n);
});

test("an arbiter who is in none of its conversations opens the proof and decides; nobody else can", async () => {
  const names = ["maker", "taker", "umpire"];
  const [maker, taker, umpire] = (await Promise.all(names.map((name) => joinPerson(network, name)))) as [
    Person,
    Person,
    Person,
  ];
  people.push(maker, taker, umpire);
  await connect(maker, taker);
  const chain = chainOf(network);
  await chain.giveSkm(maker.wallet.address, 10n * skm);
  const pairOf = async ({ client }: Person) => {
    const [pair] = await client.conversations.list();
    return client.conversations.open(pair?.id as string);
  };
  const [ours, theirs] = [await pairOf(maker), await pairOf(taker)];
  const { id } = await ours.agreements.propose(await hireOf(ours, maker, taker, umpire));
  await ours.agreements.sign(id, { version: id, wallet: maker.wallet });
  await until(theirs, id, "a signature", ({ state }) => state === "signing");
  const draft = (await theirs.agreements.look(id)).version.draft;
  const file = draftToJson(draft);
  await expect(umpire.client.agreements.open(file)).rejects.toMatchObject({ code: "AGREEMENT_NOT_CONCLUDED" });
  await expect(umpire.client.agreements.open("no file")).rejects.toMatchObject({ code: "AGREEMENT_INVALID" });
  await theirs.agreements.sign(id, { version: id, wallet: taker.wallet });
  await until(ours, id, "force", ({ state }) => state === "in-force");
  const act = async (end: Conversation, { wallet }: Person, what: MilestoneAct) => {
    const { escrow } = await end.agreements.look(id);
    const seen = "index" in what ? escrow?.milestones[what.index]?.step : escrow?.step;
    return end.agreements.act(id, what, { wallet, seen: seen as bigint });
  };
  await act(ours, maker, { do: "fund", first: 0, count: 1 });
  await until(theirs, id, "the money", ({ escrow }) => escrow?.milestones[0]?.state === "funded");
  await act(theirs, taker, { do: "dispute", index: 0, text: "They do not answer." });

  const proven = await eventually("the dispute", async () => {
    const found = await umpire.client.agreements.open(file);
    return found.escrow?.milestones[0]?.state === "disputed" ? found : undefined;
  });
  expect(proven).toMatchObject({ role: "arbiter", pending: [], warnings: [{ kind: "unfunded", milestones: [1] }] });
  expect(proven.text).toContain(umpire.name);
  const ruling = { do: "rule", index: 0, toPayee: skm / 4n } as const;
  const seen = proven.escrow?.milestones[0]?.step as bigint;
  await expect(maker.client.agreements.act(file, ruling, { wallet: maker.wallet, seen })).rejects.toMatchObject({
    code: "ESCROW_NOT_YOURS",
  });
  const had = await chain.skmOf(taker.wallet.address);
  await umpire.client.agreements.act(file, ruling, { wallet: umpire.wallet, seen });
  expect(await chain.skmOf(taker.wallet.address)).toBe(had + skm / 4n);
  // The parties see it though nobody has told them of it.
  await until(ours, id, "the decision", ({ escrow }) => escrow?.milestones[0]?.state === "settled");
});

test("a party thrown out of the group sends back and asks the arbiter; with the proof alone, too", async () => {
  const [host, worker, judge] = (await group("host", "worker", "judge")) as [Person, Person, Person];
  const chain = chainOf(network);
  await chain.giveSkm(host.wallet.address, 10n * skm);
  const [hosts, theirs] = [await endOf(host), await endOf(worker)];
  const { id } = await hosts.agreements.propose(await hireOf(hosts, host, worker, judge));
  await hosts.agreements.sign(id, { version: id, wallet: host.wallet });
  await until(theirs, id, "a signature", ({ state }) => state === "signing");
  await theirs.agreements.sign(id, { version: id, wallet: worker.wallet });
  await until(hosts, id, "force", ({ state }) => state === "in-force");
  await until(theirs, id, "force", ({ state }) => state === "in-force");
  const act = async (end: Conversation, { wallet }: Person, what: MilestoneAct) => {
    const { escrow } = await end.agreements.look(id);
    const seen = "index" in what ? escrow?.milestones[what.index]?.step : escrow?.step;
    return end.agreements.act(id, what, { wallet, seen: seen as bigint });
  };
  await act(hosts, host, { do: "fund", first: 0, count: 2 });
  await until(theirs, id, "the money", ({ escrow }) => escrow?.milestones[1]?.state === "funded");
  await hosts.group?.remove(idOf(worker));
  await eventually("the removal", async () => {
    const [summary] = (await worker.client.conversations.list()).filter(({ kind }) => kind === "group");
    return summary?.kind === "group" && summary.group.left === "removed";
  });

  expect(await act(theirs, worker, { do: "dispute", index: 0, text: "I was thrown out." })).toBeUndefined();
  const seen = await until(theirs, id, "the dispute", ({ escrow }) => escrow?.milestones[0]?.state === "disputed");
  expect(seen).toMatchObject({ pending: [], untold: [{ act: { do: "dispute", text: "I was thrown out." } }] });
  // Whoever is left sees it on chain.
  await until(hosts, id, "the dispute", ({ escrow }) => escrow?.milestones[0]?.state === "disputed");
  const file = draftToJson(seen.version.draft);
  const { escrow } = await worker.client.agreements.open(file);
  const by = { wallet: worker.wallet, seen: escrow?.milestones[1]?.step as bigint };
  await worker.client.agreements.act(file, { do: "submit", index: 1, text: "Here it is all the same." }, by);
  const { untold } = await worker.client.agreements.open(file);
  expect(untold.map(({ act: { do: what } }) => what).toSorted()).toEqual(["dispute", "submit"]);
  await until(hosts, id, "the work", ({ escrow: now }) => now?.milestones[1]?.state === "submitted");
});
