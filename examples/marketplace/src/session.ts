import {
  argon2idInWorker,
  type Client,
  createClient,
  createIndexedDbStore,
  createLocalWallet,
  SkrumbleError,
  type WalletSigner,
} from "@skrumble/sdk";
import type { Chain } from "@skrumble/sdk/chain";
import Argon2Worker from "@skrumble/sdk/crypto/argon2id-worker?worker";
import { actingFor, type RegisteredPerson } from "@skrumble/sdk/jobs";
import { createContext, useContext } from "react";
import { AppError, codeOf } from "./errors.ts";
import { chooseWallet, keyIn, parseKey, walletHere, withKey } from "./keys.ts";
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
  await chooseWallet(client, browserWallet?.rdns);
  await client.join({ wallet, pseudonym, securityCode });
}

/**
 * Opens, in this browser, the identity whose key was saved in another one. The registry knows its pseudonym.
 * @throws AppError KEY_INVALID, KEY_WITHOUT_NAME (nobody has joined with it); SkrumbleError WRONG_SECURITY_CODE, and what joining throws
 */
export async function joinWithKey(
  { chain, client }: Session,
  { savedKey, securityCode }: { savedKey: string; securityCode: string },
): Promise<void> {
  const key = parseKey(savedKey);
  const { pseudonym } = await actingFor(chain, createLocalWallet(key).address).catch((error) => {
    throw codeOf(error) === "WALLET_NO_IDENTITY" ? new AppError("KEY_WITHOUT_NAME") : error;
  });
  await withKey(client, key, (wallet) => client.join({ wallet, pseudonym, securityCode }));
}

/** @throws SkrumbleError WALLET_FAILED (it is not in this browser any more), WALLET_CHANGED_ACCOUNT (it is on another account) */
export async function walletOf(client: Client): Promise<WalletSigner> {
  const found = await walletHere(client);
  const wallet = "rdns" in found ? await browsers(found.rdns) : found;
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
