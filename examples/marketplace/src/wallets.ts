import type { Hex, TypedDataRequest, WalletSigner } from "@skrumble/sdk";

/** Wallets of the browser: discovered by EIP-6963, spoken to by EIP-1193. */

interface Provider {
  request(call: { method: string; params?: readonly unknown[] }): Promise<unknown>;
}
export interface BrowserWallet {
  name: string;
  rdns: string;
  provider: Provider;
}

/** Those that have announced themselves by now. */
export function findWallets(onFound: (wallet: BrowserWallet) => void): () => void {
  const listen = (event: Event) => {
    const { info, provider } = (event as CustomEvent<{ info: { name: string; rdns: string }; provider: Provider }>)
      .detail;
    onFound({ name: String(info.name).slice(0, 40), rdns: String(info.rdns), provider });
  };
  window.addEventListener("eip6963:announceProvider", listen);
  window.dispatchEvent(new Event("eip6963:requestProvider"));
  return () => window.removeEventListener("eip6963:announceProvider", listen);
}

export async function connectWallet({ provider }: BrowserWallet): Promise<WalletSigner> {
  const [address] = (await provider.request({ method: "eth_requestAccounts" })) as Hex[];
  if (!address) throw new Error("The wallet named no account.");
  const chainId = async () => Number(await provider.request({ method: "eth_chainId" }));
  return {
    address,
    chainId,
    signTypedData: async (typed) =>
      (await provider.request({ method: "eth_signTypedData_v4", params: [address, asJson(typed)] })) as Hex,
    async switchChain({ id, name, rpcUrls }) {
      const hex = `0x${id.toString(16)}`;
      const move = () => provider.request({ method: "wallet_switchEthereumChain", params: [{ chainId: hex }] });
      try {
        await move();
      } catch {
        const nativeCurrency = { name: "Gas", symbol: "GAS", decimals: 18 };
        const params = [{ chainId: hex, chainName: name, rpcUrls, nativeCurrency }];
        await provider.request({ method: "wallet_addEthereumChain", params });
        if ((await chainId()) !== id) await move();
      }
    },
  };
}

/** Wallets want the domain's own type spelled out, and numbers as decimal text. */
function asJson({ domain, types, primaryType, message }: TypedDataRequest): string {
  const known = { name: "string", version: "string", chainId: "uint256", verifyingContract: "address" };
  const EIP712Domain = Object.entries(known)
    .filter(([name]) => name in domain)
    .map(([name, type]) => ({ name, type }));
  return JSON.stringify({ domain, types: { EIP712Domain, ...types }, primaryType, message }, (_, value) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}
