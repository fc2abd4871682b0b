import { createWalletClient, custom, defineChain, http, numberToHex } from "viem";
import { type Connector, createConfig } from "wagmi";
import { connect as wagmiConnect } from "wagmi/actions";
import { readNetwork } from "../../lib/network.ts";
import type { Address, Hex, WalletSigner } from "../../lib/types.ts";

/** The chain's own coin, which is not SKM: that is a token on it. */
const nativeCurrency = { name: "Coin", symbol: "COIN", decimals: 18 };

/** Wallets announce themselves (EIP-6963); none is named in this code. Loaded only when a wallet is to be chosen. */
export async function walletConfig() {
  const network = await readNetwork();
  const chain = defineChain({
    id: network.chainId,
    name: network.name,
    nativeCurrency,
    rpcUrls: { default: { http: [new URL("/rpc", location.origin).href] } },
  });
  return createConfig({
    chains: [chain],
    connectors: [],
    multiInjectedProviderDiscovery: true,
    storage: null,
    transports: { [chain.id]: http() },
  });
}

export type WalletConfig = Awaited<ReturnType<typeof walletConfig>>;

interface Eip1193 {
  request(request: { method: string; params?: unknown }): Promise<unknown>;
}

/** Asks the wallet for an account. The signer keeps to that account whatever is chosen in the wallet later. */
export async function connectWallet(config: WalletConfig, connector: Connector): Promise<WalletSigner> {
  // Asked a second time, after a refusal for instance, it is connected already.
  const { accounts } = config.state.connections.get(connector.uid) ?? (await wagmiConnect(config, { connector }));
  const address = accounts[0] as Address;
  const provider = (await connector.getProvider()) as Eip1193;
  return signerFrom(provider, address);
}

/** A signer over any EIP-1193 provider: it signs typed data, changes chain, and sends. */
export function signerFrom(provider: Eip1193, address: Address): WalletSigner {
  const wallet = createWalletClient({ account: address, transport: custom(provider) });
  return {
    address,
    signTypedData: (request) => wallet.signTypedData(request as Parameters<typeof wallet.signTypedData>[0]),
    chainId: () => wallet.getChainId(),
    async sendTransaction({ to, data, value, nonce, chainId, chain }) {
      // Somebody may have moved it since it was asked to be there.
      if ((await wallet.getChainId()) !== chainId) {
        const { SkrumbleError } = await import("@skrumble/sdk");
        throw new SkrumbleError("WALLET_WRONG_CHAIN");
      }
      const call = {
        // Named to the wallet as well: what it signs is for this chain alone (EIP-155).
        ...{ from: address, to, data, value: numberToHex(value), chainId: numberToHex(chainId) },
        // Gas costs nothing at home; estimates of wallets would say otherwise.
        ...(chain ? {} : { maxFeePerGas: "0x0", maxPriorityFeePerGas: "0x0" }),
        ...(nonce === undefined ? {} : { nonce: numberToHex(nonce) }),
      };
      return (await provider.request({ method: "eth_sendTransaction", params: [call] })) as Hex;
    },
    async switchChain(chain) {
      try {
        await wallet.switchChain({ id: chain.id });
      } catch (error) {
        if (refusedByPerson(error)) throw error;
        await provider.request({
          method: "wallet_addEthereumChain",
          params: [
            {
              chainId: numberToHex(chain.id),
              chainName: chain.name,
              nativeCurrency: chain.coin ?? nativeCurrency,
              rpcUrls: chain.rpcUrls,
              ...(chain.explorer ? { blockExplorerUrls: [chain.explorer] } : {}),
            },
          ],
        });
        await wallet.switchChain({ id: chain.id });
      }
    },
  };
}

function refusedByPerson(error: unknown): boolean {
  return (error as { code?: number }).code === 4001;
}
