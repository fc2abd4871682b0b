import {
  argon2idInWorker,
  type Client,
  createClient,
  createIndexedDbStore,
  createLocalWallet,
  type Hex,
  newWalletKey,
  SkrumbleError,
  type WalletSigner,
} from "@skrumble/sdk";
import type { Chain } from "@skrumble/sdk/chain";
import Argon2Worker from "@skrumble/sdk/crypto/argon2id-worker?worker";
import { actingFor, type RegisteredPerson } from "@skrumble/sdk/jobs";
import { createContext, useContext } from "react";
import { openChain, relays } from "./network.ts";
import { type BrowserWallet, connectWallet, findWallets } from "./wallets.ts";

/** What every page works with. */
export interface Session {
  chain: Chain;
  client: Client;
  /** Undefined until one has joined. */
  me: RegisteredPerson | undefined;
  /** Signs for `me`; asks a browser's wallet anew where it was one. */
  wallet(): Promise<WalletSigner>;
  /** After joining. */
  refresh(): Promise<void>;
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("no session");
  return session;
}

/** Names under which the client keeps, encrypted, which wallet it is (of the browser, or "here"), and the key of one made here. */
const walletName = "marketplace/wallet";
const keyName = "marketplace/key";
const here = "here";

export async function openSession(): Promise<Pick<Session, "chain" | "client" | "me">> {
  const chain = await openChain();
  const client = await createClient({
    relays,
    store: createIndexedDbStore({ name: "skrumble-marketplace", takeOver: true }),
    argon2: argon2idInWorker(() => new Argon2Worker()),
  });
  return { chain, client, me: await whoAmI(chain, client) };
}

export async function whoAmI(chain: Chain, client: Client): Promise<RegisteredPerson | undefined> {
  return client.identity && actingFor(chain, client.identity.wallet);
}

export async function join(
  { client }: Session,
  input: { pseudonym: string; securityCode: string; browserWallet: BrowserWallet | undefined },
): Promise<void> {
  const { pseudonym, securityCode, browserWallet } = input;
  const wallet = browserWallet ? await connectWallet(browserWallet) : createLocalWallet(await keyIn(client, true));
  await put(client, walletName, browserWallet?.rdns ?? here);
  await client.join({ wallet, pseudonym, securityCode });
}

const put = (client: Client, name: string, text: string) => client.kept.put(name, new TextEncoder().encode(text));
const read = async (client: Client, name: string): Promise<string | undefined> => {
  const kept = await client.kept.get(name);
  return kept && new TextDecoder().decode(kept);
};

/** The key of the wallet made here: once made it is never made anew, or what it owns would be lost. */
async function keyIn(client: Client, make: boolean): Promise<Hex> {
  const kept = (await read(client, keyName)) as Hex | undefined;
  if (kept !== undefined) return kept;
  if (!make) throw new SkrumbleError("WALLET_FAILED");
  const key = newWalletKey();
  // Before joining: the key of an identity must not be lost with the page.
  await put(client, keyName, key);
  return key;
}

/** For its owner to keep elsewhere; undefined where a wallet of the browser is used. */
export const ownKey = async (client: Client): Promise<Hex | undefined> =>
  (await read(client, walletName)) === here ? keyIn(client, false) : undefined;

/** @throws SkrumbleError WALLET_FAILED (it is not in this browser any more), WALLET_CHANGED_ACCOUNT (it is on another account) */
export async function walletOf(client: Client): Promise<WalletSigner> {
  const name = await read(client, walletName);
  const wallet = name === here ? createLocalWallet(await keyIn(client, false)) : await browsers(name);
  if (wallet.address.toLowerCase() !== client.identity?.wallet.toLowerCase()) {
    throw new SkrumbleError("WALLET_CHANGED_ACCOUNT");
  }
  return wallet;
}

async function browsers(name: string | undefined): Promise<WalletSigner> {
  const found = await new Promise<BrowserWallet | undefined>((resolve) => {
    const stop = findWallets((wallet) => {
      if (wallet.rdns === name) resolve(wallet);
    });
    setTimeout(() => {
      stop();
      resolve(undefined);
    }, 1_000);
  });
  if (!found) throw new SkrumbleError("WALLET_FAILED");
  return connectWallet(found);
}
