import { describe, expect, test } from "vitest";
import type { Chain } from "../../src/chain/chain.ts";
import { identityTypedData } from "../../src/identity/derive.ts";
import { createLocalWallet, newWalletKey } from "../../src/identity/localWallet.ts";
import { askWallet, ensureChain, signChecked } from "../../src/identity/wallet.ts";
import type { WalletSigner } from "../../src/types/client.ts";

/** A chain on which only `contracts` have code. */
const chainWith = (...contracts: string[]): Chain => ({
  network: { chainId: 7586, name: "Test", contracts: {} as Chain["network"]["contracts"] },
  rpc: {
    endpoints: () => [{ url: "http://relay/rpc", operator: "one" }],
    request: async (_, [address]) => (contracts.includes(String(address)) ? "0x60" : "0x"),
    requestAt: async () => undefined,
  },
});

describe("asking the wallet", () => {
  const refusals = [
    Object.assign(new Error("no"), { code: 4001 }),
    { code: 4001, message: "User rejected" },
    Object.assign(new Error("outer"), { cause: Object.assign(new Error("inner"), { code: 4001 }) }),
    Object.assign(new Error("ethers"), { code: "ACTION_REJECTED" }),
  ];
  test.each(refusals)("a refusal is told as one (%#)", async (refusal) => {
    await expect(askWallet(() => Promise.reject(refusal))).rejects.toMatchObject({ code: "WALLET_REFUSED" });
  });

  test("any other trouble is the wallet's", async () => {
    await expect(askWallet(() => Promise.reject(new Error("locked")))).rejects.toMatchObject({ code: "WALLET_FAILED" });
  });

  test("the person can cancel while the wallet says nothing", async () => {
    const abort = new AbortController();
    const asked = askWallet(() => new Promise(() => undefined), abort.signal);
    abort.abort();
    await expect(asked).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("signatures", () => {
  const wallet = createLocalWallet(newWalletKey());
  const other = createLocalWallet(newWalletKey());
  const typedData = identityTypedData(wallet.address, 1);

  test("of the chosen account are taken, whichever way they write v", async () => {
    const signed = await signChecked(chainWith(), wallet, typedData);
    const low: WalletSigner = {
      ...wallet,
      async signTypedData(request) {
        const signature = await wallet.signTypedData(request);
        return `${signature.slice(0, -2)}${signature.endsWith("1b") ? "00" : "01"}` as `0x${string}`;
      },
    };
    expect(await signChecked(chainWith(), low, typedData)).toEqual(signed);
    expect(signed.fromContract).toBe(false);
  });

  test("of another account are refused", async () => {
    const changed = { ...other, address: wallet.address };
    await expect(signChecked(chainWith(), changed, typedData)).rejects.toMatchObject({
      code: "WALLET_CHANGED_ACCOUNT",
    });
  });

  test("of a contract wallet are taken as they are", async () => {
    const contract: WalletSigner = { address: wallet.address, signTypedData: async () => "0x1234" };
    expect((await signChecked(chainWith(wallet.address), contract, typedData)).fromContract).toBe(true);
    await expect(signChecked(chainWith(), contract, typedData)).rejects.toMatchObject({ code: "WALLET_FAILED" });
  });
});

describe("the wallet's chain", () => {
  const at = (chainId: number, move?: WalletSigner["switchChain"]): WalletSigner => {
    let now = chainId;
    return {
      ...createLocalWallet(newWalletKey()),
      chainId: async () => now,
      ...(move
        ? {
            async switchChain(chain) {
              await move(chain);
              now = chain.id;
            },
          }
        : {}),
    };
  };

  test("is left alone when right, or when the wallet knows of none", async () => {
    await ensureChain(chainWith(), at(7586));
    await ensureChain(chainWith(), createLocalWallet(newWalletKey()));
  });

  test("is switched when the wallet can and the person agrees", async () => {
    const asked: unknown[] = [];
    await ensureChain(
      chainWith(),
      at(1, async (chain) => void asked.push(chain)),
    );
    expect(asked).toEqual([{ id: 7586, name: "Test", rpcUrls: ["http://relay/rpc"] }]);
  });

  test("is told when it stays wrong", async () => {
    await expect(ensureChain(chainWith(), at(1))).rejects.toMatchObject({ code: "WALLET_WRONG_CHAIN" });
    const unable = at(1, () => Promise.reject(new Error("cannot")));
    await expect(ensureChain(chainWith(), unable)).rejects.toMatchObject({ code: "WALLET_WRONG_CHAIN" });
    const unwilling = at(1, () => Promise.reject({ code: 4001 }));
    await expect(ensureChain(chainWith(), unwilling)).rejects.toMatchObject({ code: "WALLET_REFUSED" });
  });
});
