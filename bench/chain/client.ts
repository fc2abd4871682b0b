import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { type Chain, createChain } from "../../sdk/src/chain/chain.ts";
import { authorizationTypedData } from "../../sdk/src/chain/eip3009.ts";
import { fetchNetwork } from "../../sdk/src/chain/network.ts";
import { deriveCodeKey } from "../../sdk/src/identity/derive.ts";
import { createClient, createLocalWallet, createMemoryStore, newWalletKey } from "../../sdk/src/index.ts";
import type { Hex } from "../../sdk/src/types/primitives.ts";
import { claim, give, join, type Member, pay, securityCode, word } from "./operations.ts";
import {
  JOINS,
  type Measured,
  type Operation,
  PACKETS,
  PAYMENTS,
  type Plan,
  type Run,
  SHARES,
  TRANSFERS,
  WIDTH,
} from "./plan.ts";
import { openRaw, signTransfer } from "./raw.ts";
import { record } from "./replay.ts";
import { cpuOfOne, cpuSince, type Spent, split, sustain } from "./sustain.ts";

/** The process of the people: nothing but the SDK and the raw transfers is in it, so that its CPU time is theirs. */

const amount = 10n ** 15n;
const WARM_UP = 20;
const REPLAYS = 20;

let requests = 0;
const counting: typeof fetch = (...args) => {
  requests++;
  return fetch(...args);
};

let serial = 0;
const freshName = () => `bench${process.pid}x${++serial}`;

async function openPeople(plan: Plan) {
  const network = await fetchNetwork(plan.relays[0] as string);
  // People do not all ask the same relay.
  const chains = plan.relays.map((_, first) => {
    const order = [...plan.relays.slice(first), ...plan.relays.slice(0, first)];
    return createChain(network, {
      endpoints: () => order.map((url) => ({ url: `${url}/rpc`, operator: url })),
      fetch: counting,
    });
  });
  const chainOf = (index: number) => chains[index % chains.length] as Chain;
  const host = await join(chainOf(0), freshName(), plan.hostKey);
  return { chainOf, host, ...(await recordOne(chainOf(0), host)) };
}

/** Each operation once by itself, its answers kept: how it is carried out again without a network. */
async function recordOne(chain: Chain, host: Member) {
  const offline = (recording: ReturnType<typeof record>): Chain => ({ ...chain, rpc: recording.replay() });
  const joining = record(chain.rpc);
  const [name, key] = [freshName(), generatePrivateKey()];
  const guest = await join({ ...chain, rpc: joining.rpc }, name, key);
  const paying = record(chain.rpc);
  const payment = { from: host, to: guest, amount, nonce: word() };
  await pay({ ...chain, rpc: paying.rpc }, payment);
  const packet = await give(chain, host, 1);
  const claiming = record(chain.rpc);
  await claim({ ...chain, rpc: claiming.rpc }, guest, packet);
  const again: Record<Operation, () => Promise<unknown>> = {
    join: () => join(offline(joining), name, key),
    payment: () => pay(offline(paying), payment),
    claim: () => claim(offline(claiming), guest, packet),
  };
  return { again };
}

type People = Awaited<ReturnType<typeof openPeople>>;

/** What the signatures of an operation cost, made one after another. */
async function measureSigning({ chainOf, host }: People): Promise<Record<Operation, number>> {
  const chain = chainOf(0);
  const { skm } = chain.network.contracts;
  const parties = { from: host.wallet.address, to: host.wallet.address };
  const typed = await cpuOfOne(REPLAYS, () =>
    host.wallet.signTypedData(
      authorizationTypedData(chain, { ...parties, value: amount, validBefore: 1n, nonce: word() }) as never,
    ),
  );
  const account = await cpuOfOne(REPLAYS, () => privateKeyToAccount(generatePrivateKey()));
  const transaction = await cpuOfOne(REPLAYS, () =>
    signTransfer(host.wallet, { chainId: chain.network.chainId, token: skm, to: skm, amount, nonce: 0 }),
  );
  // Every transaction comes from a throw-away key of its own.
  const submitted = account + transaction;
  return { join: 3 * typed + 2 * submitted, payment: typed + submitted, claim: 2 * (account + typed) + submitted };
}

async function measureRaw(plan: Plan, { chainOf, host }: People, counts: { nonce: number }) {
  const { chainId } = chainOf(0).network;
  const senders: PrivateKeyAccount[] = plan.senderKeys.map((key) => privateKeyToAccount(key));
  const raws: Hex[] = [];
  const to = host.wallet.address;
  const signing = await cpuOfOne(TRANSFERS, async () => {
    const index = raws.length;
    const nonce = counts.nonce + Math.floor(index / WIDTH);
    const sender = senders[index % WIDTH] as PrivateKeyAccount;
    raws.push(await signTransfer(sender, { chainId, token: plan.token, to, amount, nonce }));
  });
  counts.nonce += TRANSFERS / WIDTH;
  const node = await openRaw(plan.rpcUrl);
  const before = await node.balanceOf(plan.token, to);
  const spent = await sustain({ count: TRANSFERS, width: WIDTH }, (index) => node.push(raws[index] as Hex));
  const arrived = (await node.balanceOf(plan.token, to)) - before;
  await node.close();
  if (arrived !== BigInt(TRANSFERS) * amount) throw new Error(`of the raw transfers only ${arrived} arrived`);
  return { perSecond: spent.perSecond, cpuMs: spent.cpuMs + signing };
}

async function counted(round: () => Promise<Spent>, count: number): Promise<Spent & { requests: number }> {
  const before = requests;
  const spent = await round();
  return { ...spent, requests: (requests - before) / count };
}

async function measureClient(relays: string[]): Promise<Run["client"]> {
  const client = await createClient({ relays, store: createMemoryStore() });
  const [began, before] = [performance.now(), process.cpuUsage()];
  await client.join({ wallet: createLocalWallet(newWalletKey()), pseudonym: freshName(), securityCode });
  const measured = { ms: performance.now() - began, cpuMs: cpuSince(before) };
  await client.close();
  return measured;
}

async function once(plan: Plan, people: People, counts: { nonce: number }, joins: number): Promise<Run> {
  const { chainOf, host, again } = people;
  const raw = await measureRaw(plan, people, counts);
  const members: Member[] = [];
  const joined = await counted(
    () =>
      sustain({ count: joins, width: WIDTH }, async (index) => {
        members.push(await join(chainOf(index), freshName(), generatePrivateKey()));
      }),
    joins,
  );
  const payments = joins === JOINS ? PAYMENTS : joins;
  const paid = await counted(
    () =>
      sustain({ count: payments, width: WIDTH }, (index) =>
        pay(chainOf(index), { from: host, to: members[index % joins] as Member, amount, nonce: word() }),
      ),
    payments,
  );
  const packets = [];
  for (let i = 0; i < PACKETS; i++) packets.push(await give(chainOf(i), host, Math.min(joins, SHARES)));
  const claims = packets.flatMap((packet) => members.map((member) => ({ packet, member })));
  const claimed = await counted(
    () =>
      sustain({ count: claims.length, width: WIDTH }, (index) => {
        const { member, packet } = claims[index] as (typeof claims)[number];
        return claim(chainOf(index), member, packet);
      }),
    claims.length,
  );
  const signing = await measureSigning(people);
  const spent = { join: joined, payment: paid, claim: claimed };
  const measured = async (which: Operation): Promise<Measured> => {
    const { perSecond, cpuMs, requests } = spent[which];
    const offline = await cpuOfOne(REPLAYS, again[which]);
    return { perSecond, requests, cpu: split({ whole: cpuMs, offline, signing: signing[which] }) };
  };
  const { wallet } = host;
  const stretch = () => deriveCodeKey({ securityCode, saltName: word(), wallet: wallet.address });
  return {
    operations: {
      join: await measured("join"),
      payment: await measured("payment"),
      claim: await measured("claim"),
    },
    raw,
    argon2Ms: await cpuOfOne(3, stretch),
    client: await measureClient(plan.relays),
  };
}

process.once("message", async (message) => {
  const plan = message as Plan;
  const people = await openPeople(plan);
  const counts = { nonce: 0 };
  // Not counted: the first ones compile code.
  await once(plan, people, counts, WARM_UP);
  for (let run = 0; run < plan.runs; run++) process.send?.(await once(plan, people, counts, JOINS));
  process.disconnect();
});
