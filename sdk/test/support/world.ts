import {
  decodeFunctionData,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionResult,
  type Hex,
  keccak256,
  numberToHex,
  pad,
  parseTransaction,
  recoverTypedDataAddress,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { AnyChain } from "../../src/chain/chain.ts";
import { registryDomain } from "../../src/chain/submitSigned.ts";
import type { Core } from "../../src/client/core.ts";
import { createEmitter } from "../../src/client/events.ts";
import { loadSelf, type Self, saveSelf } from "../../src/client/self.ts";
import { createSerial } from "../../src/client/serial.ts";
import { acceptRequest } from "../../src/contacts/accept.ts";
import { openContactBook } from "../../src/contacts/book.ts";
import { receiveHandshake } from "../../src/contacts/receive.ts";
import { requestContact } from "../../src/contacts/request.ts";
import { openIntents } from "../../src/conversation/commit/intents.ts";
import { receiveCommit } from "../../src/conversation/commit/receiveCommit.ts";
import { commitsIdle } from "../../src/conversation/commit/settle.ts";
import { decodeEnvelope } from "../../src/conversation/envelope.ts";
import { createOutbox } from "../../src/conversation/outbox.ts";
import { openPeople } from "../../src/conversation/people.ts";
import { receiveMls } from "../../src/conversation/receive.ts";
import { openSearch } from "../../src/conversation/search/index.ts";
import { openThreads } from "../../src/conversation/threads.ts";
import { tellContact } from "../../src/conversation/view.ts";
import { fromHex, toHex } from "../../src/crypto/bytes.ts";
import { createOpener } from "../../src/crypto/seal.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { identityRegistryAbi, membershipAbi } from "../../src/generated/index.ts";
import { deriveKeys, saltNameOf } from "../../src/identity/derive.ts";
import { createDevice } from "../../src/identity/device.ts";
import { deviceRoot, sortDevices } from "../../src/identity/deviceRoot.ts";
import { createAssets } from "../../src/money/assets.ts";
import { createPayments } from "../../src/money/payments.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { Store } from "../../src/store/types.ts";
import { openVault } from "../../src/store/vault.ts";
import type { ClientEvents } from "../../src/types/client.ts";
import type { Address, ConversationId, PublicId } from "../../src/types/primitives.ts";
import { contractsAt } from "./contracts.ts";
import { createOrderRelays, type OrderRelays } from "./orderRelays.ts";

/** Two or more people with real keys, stores and sessions; registry and relays are maps in memory. */

const zero: Address = "0x0000000000000000000000000000000000000000";
const anchors: Address = "0x0000000000000000000000000000000000000001";

export interface Entry {
  id: bigint;
  name: string;
  /** What the registry answers with; another public ID after the keys were rotated. */
  publicId: PublicId;
  agreementKey: Hex;
  devices: Uint8Array[];
  revoked: boolean;
  /** Whether the tier of the owner's wallet has video calls. */
  video: boolean;
  /** Account that may change the devices, and how often it did. */
  controller: Address;
  deviceNonce: bigint;
  /** Its wallet, where one is to sign; else an address of nobody. */
  owner?: Address;
  ownerNonce: bigint;
}

const walletOf = ({ id, owner }: Entry): Address => owner ?? pad(numberToHex(id), { size: 20 });

export interface Registry {
  entries: Map<PublicId, Entry>;
  reachable: boolean;
  /** How often somebody was looked up. */
  reads: number;
  order: OrderRelays;
  /** The tier of everybody; there is one above it. */
  tier: { storageDays: number; storageBytes: bigint };
}

export const createRegistry = (): Registry => ({
  ...{ entries: new Map(), reachable: true, reads: 0 },
  tier: { storageDays: 90, storageBytes: 1n << 30n },
  order: createOrderRelays([1, 2, 3]),
});

export function chainOver(registry: Registry): Core["chain"] {
  const endpoint = { url: "memory:", operator: "one" };
  const receipts = new Map<Hex, boolean>();
  const answer = (method: string, params: unknown[]): unknown => {
    if (!registry.reachable) throw new SkrumbleError("CHAIN_UNREACHABLE");
    if (method === "eth_sendRawTransaction") {
      const [raw] = params as [Hex];
      return writeAt(registry, raw).then((done) => void receipts.set(keccak256(raw), done));
    }
    if (method === "eth_getTransactionReceipt") {
      const done = receipts.get((params as [Hex])[0]);
      return done === undefined ? null : { status: done ? "0x1" : "0x0", blockNumber: "0x1" };
    }
    if (method === "eth_getBlockByNumber") return { timestamp: numberToHex(Math.floor(Date.now() / 1000)) };
    if (method === "eth_getLogs") {
      const { topics } = (params as [{ topics: Hex[] }])[0];
      const entry = [...registry.entries.values()].find(({ id }) => id === BigInt(topics[1] as Hex)) as Entry;
      const parameters = [{ type: "uint32" }, { type: "bytes32" }, { type: "bytes32[]" }] as const;
      const root = toHex(deviceRoot(entry.devices));
      const data = encodeAbiParameters(parameters, [1, root, entry.devices.map(toHex)]);
      const args = { identityId: entry.id };
      return [{ data, topics: encodeEventTopics({ abi: identityRegistryAbi, eventName: "DevicesChanged", args }) }];
    }
    const { data, to } = (params as [{ data: Hex; to: Address }])[0];
    if (to === anchors) return registry.order.readAnchor(data);
    registry.reads++;
    const { args, functionName: asked } = decodeFunctionData({ abi: [...identityRegistryAbi, ...membershipAbi], data });
    if (asked === "entitlementsOf") {
      const { video } = [...registry.entries.values()].find((candidate) => walletOf(candidate) === args[0]) as Entry;
      const bounds = { conferenceSize: 3, conferenceMinutes: 40, fileBytes: 1n, storageDays: 1, storageBytes: 1n };
      const result = { ...bounds, records: false, video };
      return encodeFunctionResult({ abi: membershipAbi, functionName: asked, result });
    }
    if (asked === "standingOf") {
      // Credit alone, which goes where the identity goes.
      const wallets = [...registry.entries.values()].map((candidate) => walletOf(candidate).toLowerCase());
      const result = wallets.includes(String(args[0]).toLowerCase()) ? 5n : 0n;
      return encodeFunctionResult({ abi: membershipAbi, functionName: asked, result });
    }
    if (asked === "tiers") {
      const common = { conferenceSize: 3, conferenceMinutes: 40, fileBytes: 1n, records: false, video: true };
      const result = [
        { name: "Now", threshold: 0n, entitlements: { ...common, ...registry.tier } },
        { name: "Next", threshold: 7n, entitlements: { ...common, storageDays: 90, storageBytes: 1n << 30n } },
      ];
      return encodeFunctionResult({ abi: membershipAbi, functionName: asked, result });
    }
    if (asked === "deviceNonce" || asked === "ownerNonce") {
      const entry = [...registry.entries.values()].find(({ id }) => id === args[0]) as Entry;
      return encodeFunctionResult({ abi: identityRegistryAbi, functionName: asked, result: entry[asked] });
    }
    const entry = registry.entries.get(String(args?.[0]) as PublicId);
    const functionName = "identityByPublicId";
    const record = {
      owner: entry ? walletOf(entry) : zero,
      keyVersion: 1,
      registeredAt: 0n,
      revoked: entry?.revoked ?? false,
      controller: entry?.controller ?? zero,
      devicesBlock: 1n,
      publicId: entry?.publicId ?? toHex(new Uint8Array(32)),
      agreementKey: entry?.agreementKey ?? toHex(new Uint8Array(32)),
      deviceRoot: toHex(entry ? deviceRoot(entry.devices) : new Uint8Array(32)),
      saltName: toHex(new Uint8Array(32)),
      name: entry?.name ?? "",
    };
    return encodeFunctionResult({ abi: identityRegistryAbi, functionName, result: [entry?.id ?? 0n, record] });
  };
  return {
    network: { chainId: 1, name: "test", contracts: { ...contractsAt(zero), sessionAnchor: anchors } },
    rpc: {
      request: async (method, params) => answer(method, params),
      requestAt: async (_, method, params) => answer(method, params),
      endpoints: () => [endpoint],
    },
  };
}

const fields = {
  identityId: { name: "identityId", type: "uint64" },
  controller: { name: "controller", type: "address" },
  deviceRoot: { name: "deviceRoot", type: "bytes32" },
  nonce: { name: "nonce", type: "uint256" },
  deadline: { name: "deadline", type: "uint256" },
} as const;

/** As the contract does it for a list that the controller has signed, or the owner with another controller. @returns whether it took it */
async function writeAt(registry: Registry, raw: Hex): Promise<boolean> {
  const { data } = parseTransaction(raw);
  const call = decodeFunctionData({ abi: identityRegistryAbi, data: data as Hex });
  const domain = registryDomain(chainOver(registry)) as object;
  const entry = [...registry.entries.values()].find(({ id }) => id === call.args?.[0]) as Entry;
  const rooted = (devices: readonly Hex[]) => toHex(deviceRoot(devices.map(fromHex)));
  if (call.functionName === "setDevices") {
    const [identityId, devices, deadline, signature] = call.args;
    const { identityId: id, deviceRoot: root, nonce, deadline: until } = fields;
    const signer = await recoverTypedDataAddress({
      ...{ domain, types: { SetDevices: [id, root, nonce, until] }, primaryType: "SetDevices", signature },
      message: { identityId, deviceRoot: rooted(devices), nonce: entry.deviceNonce, deadline },
    });
    if (signer !== entry.controller) return false;
    Object.assign(entry, { devices: devices.map(fromHex), deviceNonce: entry.deviceNonce + 1n });
    return true;
  }
  if (call.functionName !== "setController") return false;
  const [identityId, controller, devices, deadline, signature] = call.args;
  const signer = await recoverTypedDataAddress({
    ...{ domain, types: { SetController: Object.values(fields) }, primaryType: "SetController", signature },
    message: { identityId, controller, deviceRoot: rooted(devices), nonce: entry.ownerNonce, deadline },
  });
  if (signer !== entry.owner) return false;
  Object.assign(entry, { controller, devices: devices.map(fromHex) });
  Object.assign(entry, { deviceNonce: entry.deviceNonce + 1n, ownerNonce: entry.ownerNonce + 1n });
  return true;
}

export interface Deposited {
  to: PublicId;
  payload: Uint8Array;
}

export interface TestPerson {
  core: Core;
  publicId: PublicId;
  /** What this person has sent and nobody has taken out yet. */
  sent: Deposited[];
  /** Takes payloads as a mailbox would hand them over. */
  receive(payloads: Deposited[]): Promise<void>;
  close(): void;
}

/** `seed`: a byte that makes the identity; the same seed with another store is a second device. */
export async function openPerson(
  registry: Registry,
  seed: number,
  {
    store = createMemoryStore(),
    now = Date.now,
    chain = chainOver(registry),
    further = [],
  }: { store?: Store; now?: () => number; chain?: Core["chain"]; further?: AnyChain[] } = {},
): Promise<TestPerson> {
  const vault = await openVault(store);
  const self = (await loadSelf(vault)) ?? (await enrol(registry, vault, seed));
  const closing = new AbortController();
  const events = createEmitter<ClientEvents>();
  const sent: Deposited[] = [];
  const pool = {
    async deposit(
      to: PublicId,
      payload: Uint8Array,
      options: { onReceipt?: (r: unknown, n: number, of: number) => void },
    ) {
      sent.push({ to, payload });
      options.onReceipt?.({ relayId: 1 }, 1, 1);
      return { stored: 1, of: 1 };
    },
    anchor: () => new Promise(() => undefined),
    queryAnchor: async () => [],
    status: () => [],
    ...registry.order.pool,
  } as unknown as Core["pool"];
  const core: Core = {
    self,
    vault,
    chain,
    pool,
    events,
    now,
    problem: () => undefined,
    signal: closing.signal,
    serial: createSerial(),
    threads: await openThreads(vault),
    people: await openPeople({
      ...{ vault, chain, now, signal: closing.signal },
      own: {
        ...{ publicId: self.identity.publicId, pseudonym: self.identity.pseudonym },
        ...{ agreementKey: toHex(self.agreementKey.public), devices: [self.identity.deviceKey] },
      },
    }),
    intents: await openIntents(vault),
    wakeParked: () => undefined,
    sweeper: { resume: async () => undefined, note: () => undefined },
    search: await openSearch(vault),
    payments: createPayments(
      () => core,
      createAssets({ vault, chain, signal: closing.signal }, async () => [], further),
    ),
    book: await openContactBook(vault, (contact) => tellContact(core, contact)),
    outbox: createOutbox({ vault, pool, now, onProgress: () => undefined, onFailure: () => undefined }),
  };
  const opener = await createOpener(self.agreementKey.secret);
  return {
    core,
    publicId: self.identity.publicId,
    sent,
    async receive(payloads) {
      for (const { to, payload } of payloads) {
        if (to !== self.identity.publicId) continue;
        const envelope = decodeEnvelope(await opener.open(payload));
        if (!envelope) continue;
        if (envelope.kind === "commit") await receiveCommit(core, envelope);
        else if (envelope.kind === "mls")
          await receiveMls(core, { call() {}, anchored() {}, direct() {}, heard() {} }, envelope);
        else await receiveHandshake(core, envelope);
      }
      await commitsIdle(core);
    },
    close() {
      closing.abort();
      void core.outbox.close();
    },
  };
}

export async function enrol(registry: Registry, vault: Core["vault"], seed: number): Promise<Self> {
  const keys = deriveKeys(new Uint8Array(32).fill(seed), new Uint8Array(32).fill(seed), 1);
  const device = createDevice(keys, 1, Date.now());
  const before = registry.entries.get(keys.publicId);
  const entry: Entry = {
    id: before?.id ?? BigInt(registry.entries.size + 1),
    name: `person${seed}`,
    publicId: keys.publicId,
    agreementKey: toHex(keys.agreement.public),
    devices: sortDevices([...(before?.devices ?? []), device.key.public]),
    revoked: false,
    video: true,
    controller: privateKeyToAccount(keys.controller).address,
    deviceNonce: before?.deviceNonce ?? 0n,
    ownerNonce: before?.ownerNonce ?? 0n,
  };
  registry.entries.set(keys.publicId, entry);
  const record = {
    id: entry.id,
    owner: zero,
    keyVersion: 1,
    revoked: false,
    controller: zero,
    devicesBlock: 1n,
    publicId: keys.publicId,
    agreementKey: entry.agreementKey,
    deviceRoot: toHex(deviceRoot(entry.devices)),
    saltName: saltNameOf(entry.name),
    name: entry.name,
  };
  return saveSelf(vault, { keys, device, record });
}

/** Connects two people; the session is made by the one who accepts. @returns the conversation */
export async function befriend(asking: TestPerson, accepting: TestPerson): Promise<ConversationId> {
  await requestContact(asking.core, accepting.publicId);
  await accepting.receive(asking.sent.splice(0));
  const request = accepting.core.book.get(asking.publicId);
  const id = await acceptRequest(accepting.core, request as NonNullable<typeof request>);
  await asking.receive(accepting.sent.splice(0));
  return id;
}

/** The newest session with somebody, by its route. */
export const routeOf = ({ core }: TestPerson, other: TestPerson): string | undefined => {
  const id = core.book.get(other.publicId)?.conversationId;
  return id === undefined ? undefined : core.threads.get(id)?.sessions.at(-1)?.route;
};
