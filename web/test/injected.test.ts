// @vitest-environment happy-dom
import { codeOf } from "@skrumble/sdk";
import { describe, expect, test } from "vitest";
import { signerFrom } from "../features/wallet/injected.ts";
import type { WalletChain } from "../lib/types.ts";

const address = `0x${"a".repeat(40)}` as const;
const hash = `0x${"9".repeat(64)}`;
const second: WalletChain = {
  ...{ id: 137, name: "Second", rpcUrls: ["https://one.example/", "https://two.example/"] },
  ...{ coin: { name: "Coin", symbol: "SEC", decimals: 18 }, explorer: "https://look.example" },
};

interface Asked {
  method: string;
  params?: unknown;
}

/** A wallet that knows some chains; `refuses` what its person says no to. */
function walletOn(chainId: number, known: number[], refuses?: string) {
  const asked: Asked[] = [];
  let at = chainId;
  const no = (code: number) => Object.assign(new Error("no"), { code });
  const answers: Record<string, (params: Record<string, string>) => unknown> = {
    eth_chainId: () => `0x${at.toString(16)}`,
    wallet_switchEthereumChain({ chainId: wanted }) {
      if (!known.includes(Number(wanted))) throw no(4902);
      at = Number(wanted);
      return null;
    },
    wallet_addEthereumChain: ({ chainId: added }) => void known.push(Number(added)),
    eth_sendTransaction: () => hash,
  };
  const provider = {
    async request({ method, params }: Asked) {
      asked.push({ method, params });
      if (method === refuses) throw no(4001);
      return answers[method]?.((params as Record<string, string>[] | undefined)?.[0] ?? {});
    },
  };
  const of = (method: string) => asked.filter((one) => one.method === method).map(({ params }) => params);
  return { signer: signerFrom(provider, address), of };
}

describe("a wallet of the browser", () => {
  test("moves to a chain that it knows, and is told of one that it does not (EIP-3326, EIP-3085)", async () => {
    const knows = walletOn(1, [1, 137]);
    await knows.signer.switchChain?.(second);
    expect(knows.of("wallet_addEthereumChain")).toEqual([]);
    expect(await knows.signer.chainId?.()).toBe(137);

    const learns = walletOn(1, [1]);
    await learns.signer.switchChain?.(second);
    expect(learns.of("wallet_addEthereumChain")).toEqual([
      [
        {
          ...{ chainId: "0x89", chainName: "Second", nativeCurrency: second.coin, rpcUrls: second.rpcUrls },
          blockExplorerUrls: ["https://look.example"],
        },
      ],
    ]);
    expect(await learns.signer.chainId?.()).toBe(137);
  });

  test.each(["wallet_switchEthereumChain", "wallet_addEthereumChain"])("says no to %s, and stays", async (method) => {
    const { signer, of } = walletOn(1, [1], method);
    await expect(signer.switchChain?.(second)).rejects.toMatchObject({ code: 4001 });
    expect(of("wallet_addEthereumChain")).toHaveLength(method === "wallet_addEthereumChain" ? 1 : 0);
    expect(await signer.chainId?.()).toBe(1);
  });

  test("sends on the chain that it is asked for alone: gas is free at home, and its own affair elsewhere", async () => {
    const { signer, of } = walletOn(137, [137]);
    const request = { to: address, data: "0x", value: 5n } as const;
    expect(await signer.sendTransaction?.({ ...request, chainId: 137, chain: second })).toBe(hash);
    expect(await signer.sendTransaction?.({ ...request, chainId: 137 })).toBe(hash);
    const [there, home] = of("eth_sendTransaction").map((params) => (params as object[])[0]);
    expect(there).toMatchObject({ chainId: "0x89", to: address, value: "0x5" });
    expect(there).not.toHaveProperty("maxFeePerGas");
    expect(home).toMatchObject({ chainId: "0x89", maxFeePerGas: "0x0", maxPriorityFeePerGas: "0x0" });
    const wrong = await signer.sendTransaction?.({ ...request, chainId: 1 }).catch(codeOf);
    expect(wrong).toBe("WALLET_WRONG_CHAIN");
    expect(of("eth_sendTransaction")).toHaveLength(2);
  });
});
