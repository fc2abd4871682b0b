import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalNetwork, type NetworkOptions, startNetwork } from "../../scripts/start/startNetwork.ts";
import type { ClientOptions } from "../../sdk/src/client/options.ts";
import {
  type Client,
  createClient,
  createLocalWallet,
  createMemoryStore,
  newWalletKey,
  type Store,
} from "../../sdk/src/index.ts";

/** A whole network of real processes for one test file: chain, contracts, relays. Any free ports, gone afterwards. */
export interface TestNetwork extends LocalNetwork {
  /** Base URLs of the relays. */
  urls: string[];
  stateDir: string;
}

export interface TestNetworkOptions {
  relays?: number;
  /** Settings of all relays, without their SKRUMBLE_RELAY_. */
  relaySettings?: Record<string, string>;
  /** What the relays use as their chain nodes, by their place. @param rpcUrl the chain's own */
  relayNodes?: NetworkOptions["relayNodes"];
}

export async function startTestNetwork(options: TestNetworkOptions = {}): Promise<TestNetwork> {
  const stateDir = mkdtempSync(join(tmpdir(), "skrumble-network-"));
  // All clients of a test come from one address.
  const crowded = { MAX_CONNECTIONS_PER_ADDRESS: "1000", RPC_PER_SECOND: "1000", RPC_BURST: "5000" };
  const network = await startNetwork({
    stateDir,
    chainPort: 0,
    relayPort: 0,
    relays: options.relays ?? 3,
    web: false,
    turn: false,
    relaySettings: { ...crowded, ...options.relaySettings },
    ...(options.relayNodes ? { relayNodes: options.relayNodes } : {}),
  });
  return {
    ...network,
    stateDir,
    urls: network.relays.map(({ url }) => url),
    async stop() {
      await network.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

let serial = 0;
/** A pseudonym nobody else in this run has. */
export const freshName = (base: string): string => `${base}${process.pid}x${++serial}`;

/** Argon2id is tested by itself; everywhere else its 64 MiB only make the tests slow. */
export const quickArgon2 = async (password: Uint8Array, salt: Uint8Array): Promise<Uint8Array> => {
  const bytes = new Uint8Array([...salt, ...password]);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
};

export interface Person {
  client: Client;
  name: string;
  store: Store;
  wallet: ReturnType<typeof createLocalWallet>;
  securityCode: string;
  /** Opens the same store again, as after a restart. */
  reopen(): Promise<Client>;
}

/** `realArgon2`: with the 64 MiB that people have. */
export function openClient(
  network: TestNetwork,
  options: Partial<ClientOptions> & { realArgon2?: boolean } = {},
): Promise<Client> {
  const { realArgon2 = false, ...rest } = options;
  const argon2 = realArgon2 ? {} : { argon2: quickArgon2 };
  return createClient({ relays: network.urls, store: createMemoryStore(), ...argon2, ...rest });
}

/** A joined person with a fresh wallet. */
export async function joinPerson(
  network: TestNetwork,
  base: string,
  options: Partial<ClientOptions> = {},
  wallet = createLocalWallet(newWalletKey()),
): Promise<Person> {
  const store = options.store ?? createMemoryStore();
  const name = freshName(base);
  const securityCode = "correct horse battery staple";
  const client = await openClient(network, { ...options, store });
  await client.join({ wallet, pseudonym: name, securityCode });
  const person: Person = {
    client,
    name,
    store,
    wallet,
    securityCode,
    async reopen() {
      person.client = await openClient(network, { ...options, store });
      return person.client;
    },
  };
  return person;
}

/** Waits until `probe` gives something; fails with what was waited for. Patient: machines that run tests are busy. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  timeout = 120_000,
): Promise<T> {
  for (const end = Date.now() + timeout; Date.now() < end; ) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited in vain for: ${what}`);
}

/** Makes two joined people contacts; gives both ends of their conversation. */
export async function connect(one: Person, other: Person) {
  const target = await one.client.contacts.find(other.name);
  const source = one.client.identity?.publicId as `0x${string}`;
  await one.client.contacts.request(target.publicId, "hello");
  await eventually("the request", async () => {
    const contacts = await other.client.contacts.list();
    return contacts.find((contact) => contact.publicId === source && contact.state === "request-received");
  });
  const otherEnd = await other.client.contacts.accept(source);
  const accepted = await eventually("the acceptance", async () => {
    const contacts = await one.client.contacts.list();
    return contacts.find((contact) => contact.publicId === target.publicId && contact.state === "connected");
  });
  return { oneEnd: one.client.conversations.open(accepted.conversationId as string), otherEnd };
}
