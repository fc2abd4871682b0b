import { recoverTypedDataAddress } from "viem";
import { describe, expect, test, vi } from "vitest";
import {
  createLocalWallet,
  markLocalWalletKept,
  readLocalWallet,
  restoreLocalWallet,
  signerOf,
} from "../features/wallet/local-wallet.ts";
import { memoryVault } from "./memory-vault.ts";

const typedData = {
  domain: { name: "Test", version: "1" },
  types: { Note: [{ name: "text", type: "string" }] },
  primaryType: "Note",
  message: { text: "hello" },
} as const;

// The page's own relay carries what the wallet sends.
vi.stubGlobal("location", new URL("https://relay.example/"));

describe("a newcomer's wallet", () => {
  test("is made of twelve words, kept, and asks for a backup until it is made", async () => {
    const vault = memoryVault();
    const wallet = await createLocalWallet(vault);
    expect(wallet.words.split(" ")).toHaveLength(12);
    expect(await readLocalWallet(vault)).toEqual({ words: wallet.words, kept: false });
    await markLocalWalletKept(vault);
    expect(await readLocalWallet(vault)).toEqual({ words: wallet.words, kept: true });
  });

  test("signs as its own account, the same way each time", async () => {
    const signer = await signerOf(await createLocalWallet(memoryVault()));
    const signature = await signer.signTypedData(typedData);
    expect(await signer.signTypedData(typedData)).toBe(signature);
    expect(await recoverTypedDataAddress({ ...typedData, signature })).toBe(signer.address);
  });

  test("comes back from words however they were typed (BIP-39 vector)", async () => {
    const words = "test test test test test test test test test test test junk";
    const wallet = await restoreLocalWallet(`  ${words.toUpperCase().replaceAll(" ", "\n  ")} `, memoryVault());
    expect(wallet).toEqual({ words, kept: true });
    const signer = await signerOf({ words, kept: true });
    expect(signer.address).toBe("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
  });

  test.each(["", "junk", "test ".repeat(12), `${"test ".repeat(11)}jnuk`])("%j is no wallet", async (words) => {
    const vault = memoryVault();
    expect(await restoreLocalWallet(words, vault)).toBeUndefined();
    expect(vault.entries.size).toBe(0);
  });
});
