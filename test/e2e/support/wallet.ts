import { secp256k1 } from "@noble/curves/secp256k1.js";
import type { BrowserContext } from "@playwright/test";
import {
  bytesToHex,
  concat,
  type Hex,
  hashTypedData,
  hexToBytes,
  hexToNumber,
  numberToHex,
  type TypedDataDefinition,
} from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

/** How the wallet behaves; a test changes it while the page is open. */
export interface WalletBehaviour {
  /** Chain the wallet is on, as MetaMask would report it. */
  chainId: number;
  /** What the person does when the wallet asks. */
  refuse: "nothing" | "connect" | "sign" | "switch";
  /** Hedged or MPC wallets give another signature each time. */
  repeatable: boolean;
}

export interface InjectedWallet extends WalletBehaviour {
  readonly name: string;
  readonly address: Hex;
  /** For tests that look for it where it must not be. */
  readonly privateKey: Hex;
  /** Every request that reached the wallet, by method. */
  readonly requests: string[];
  /** Moves the wallet to another account, telling the page as EIP-1193 asks. */
  changeAccount(): Promise<void>;
}

const REFUSED = { code: 4001, message: "User rejected the request." };
const UNKNOWN_CHAIN = { code: 4902, message: "Unrecognized chain." };

interface Reply {
  result?: unknown;
  error?: { code: number; message: string };
}

/**
 * Puts a wallet into every page of the context: discovered by EIP-6963, spoken to by EIP-1193, holding a real key
 * outside the page. Like MetaMask it refuses typed data whose domain names another chain than the one it is on.
 */
export async function installWallet(
  context: BrowserContext,
  options: { name?: string; privateKey?: Hex; behaviour?: Partial<WalletBehaviour> } = {},
): Promise<InjectedWallet> {
  let privateKey = options.privateKey ?? generatePrivateKey();
  let account = privateKeyToAccount(privateKey);
  const knownChains = new Set<number>([1]);
  const requests: string[] = [];
  const wallet: InjectedWallet = {
    name: options.name ?? "Test Wallet",
    chainId: 7586,
    refuse: "nothing",
    repeatable: true,
    ...options.behaviour,
    requests,
    get privateKey() {
      return privateKey;
    },
    get address() {
      return account.address;
    },
    async changeAccount() {
      privateKey = generatePrivateKey();
      account = privateKeyToAccount(privateKey);
      await emit("accountsChanged", [account.address]);
    },
  };
  knownChains.add(wallet.chainId);

  async function emit(event: string, payload: unknown) {
    for (const page of context.pages()) {
      await page.evaluate(
        ([name, value]) => window.dispatchEvent(new CustomEvent(`test-wallet:${name}`, { detail: value })),
        [event, payload] as const,
      );
    }
  }

  async function sign(raw: string): Promise<Reply> {
    if (wallet.refuse === "sign") return { error: REFUSED };
    const typed = JSON.parse(raw) as TypedDataDefinition & { domain: { chainId?: number | string } };
    const chainId = typed.domain.chainId;
    if (chainId !== undefined && Number(chainId) !== wallet.chainId) {
      return {
        error: {
          code: -32603,
          message: `Provided chainId "${chainId}" must match the active chainId "${wallet.chainId}"`,
        },
      };
    }
    if (!wallet.repeatable) return { result: await signHedged(typed, privateKey) };
    return { result: await account.signTypedData(typed) };
  }

  async function answer(method: string, params: readonly unknown[]): Promise<Reply> {
    requests.push(method);
    switch (method) {
      case "eth_requestAccounts":
        return wallet.refuse === "connect" ? { error: REFUSED } : { result: [account.address] };
      case "eth_accounts":
        return { result: [account.address] };
      case "eth_chainId":
        return { result: numberToHex(wallet.chainId) };
      case "eth_signTypedData_v4":
        return sign(params[1] as string);
      case "wallet_switchEthereumChain": {
        if (wallet.refuse === "switch") return { error: REFUSED };
        const id = hexToNumber((params[0] as { chainId: Hex }).chainId);
        if (!knownChains.has(id)) return { error: UNKNOWN_CHAIN };
        wallet.chainId = id;
        await emit("chainChanged", numberToHex(id));
        return { result: null };
      }
      case "wallet_addEthereumChain": {
        if (wallet.refuse === "switch") return { error: REFUSED };
        const id = hexToNumber((params[0] as { chainId: Hex }).chainId);
        knownChains.add(id);
        wallet.chainId = id;
        await emit("chainChanged", numberToHex(id));
        return { result: null };
      }
      case "wallet_requestPermissions":
        return { result: [{ parentCapability: "eth_accounts" }] };
      case "wallet_revokePermissions":
        return { result: null };
      default:
        return { error: { code: 4200, message: `The wallet does not support ${method}.` } };
    }
  }

  await context.exposeBinding("__testWallet", (_source, method: string, params: readonly unknown[]) =>
    answer(method, params ?? []),
  );
  await context.addInitScript(announce, { name: wallet.name, uuid: crypto.randomUUID() });
  return wallet;
}

/** A valid signature with fresh entropy in its nonce: never the same twice, as hedged and MPC signers give it. */
async function signHedged(typed: TypedDataDefinition, privateKey: Hex): Promise<Hex> {
  const options = { prehash: false, extraEntropy: true, format: "recovered" } as const;
  const signature = secp256k1.sign(hexToBytes(hashTypedData(typed)), hexToBytes(privateKey), options);
  const [recovery = 0] = signature;
  return concat([bytesToHex(signature.subarray(1)), numberToHex(27 + recovery, { size: 1 })]);
}

/** Runs in the page: the EIP-6963 announcement and a thin EIP-1193 provider. */
function announce({ name, uuid }: { name: string; uuid: string }) {
  type Listener = (value: unknown) => void;
  const listeners = new Map<string, Set<Listener>>();
  const bridge = window as unknown as { __testWallet(method: string, params?: readonly unknown[]): Promise<Reply> };
  const provider = {
    async request({ method, params }: { method: string; params?: readonly unknown[] }) {
      const reply = await bridge.__testWallet(method, params ?? []);
      if (reply.error) throw Object.assign(new Error(reply.error.message), { code: reply.error.code });
      return reply.result;
    },
    on(event: string, listener: Listener) {
      const set = listeners.get(event) ?? new Set();
      set.add(listener);
      listeners.set(event, set);
      return provider;
    },
    removeListener(event: string, listener: Listener) {
      listeners.get(event)?.delete(listener);
      return provider;
    },
  };
  for (const event of ["accountsChanged", "chainChanged"]) {
    window.addEventListener(`test-wallet:${event}`, (e) => {
      for (const listener of listeners.get(event) ?? []) listener((e as CustomEvent).detail);
    });
  }
  const icon =
    "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'><circle cx='4' cy='4' r='4' fill='teal'/></svg>";
  const detail = Object.freeze({ info: Object.freeze({ uuid, name, icon, rdns: "network.skrumble.test" }), provider });
  const tell = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  window.addEventListener("eip6963:requestProvider", tell);
  tell();
}
