import {
  argon2idInWorker,
  type Client,
  createClient,
  createIndexedDbStore,
  createLocalWallet,
  type Hex,
  newWalletKey,
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

/** Name under which the client keeps the wallet's key, encrypted: hex of a key made here, or a browser wallet's name. */
const walletName = "marketplace/wallet";

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
  const kept = await client.kept.get(walletName);
  const made = kept && new TextDecoder().decode(kept);
  const key = browserWallet ? browserWallet.rdns : made?.startsWith("0x") ? made : newWalletKey();
  const wallet = browserWallet ? await connectWallet(browserWallet) : createLocalWallet(key as Hex);
  // Before joining: the key of an identity must not be lost with the page.
  await client.kept.put(walletName, new TextEncoder().encode(key));
  await client.join({ wallet, pseudonym, securityCode });
}

export async function walletOf(client: Client): Promise<WalletSigner> {
  const kept = await client.kept.get(walletName);
  const name = kept ? new TextDecoder().decode(kept) : "";
  if (name.startsWith("0x")) return createLocalWallet(name as Hex);
  const found = await new Promise<BrowserWallet | undefined>((resolve) => {
    const stop = findWallets((wallet) => {
      if (wallet.rdns === name) resolve(wallet);
    });
    setTimeout(() => {
      stop();
      resolve(undefined);
    }, 1_000);
  });
  if (!found) throw new Error("The wallet is not in this browser any more.");
  return connectWallet(found);
}
