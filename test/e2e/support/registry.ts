import { createPublicClient, createWalletClient, type Hex, http } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { identityRegistryAbi } from "../../../sdk/src/generated/index.ts";
import type { E2eNetwork } from "./network.ts";

const zero: Hex = `0x${"00".repeat(32)}`;

/**
 * What an owner does with their wallet alone, for instance after losing a device: takes all devices off the list, or
 * revokes the identity. Resolves when it is in a block.
 */
export async function throwOut(network: E2eNetwork, what: "devices" | "identity", ownerKey: Hex): Promise<void> {
  const { chainId, rpcUrl } = network.chain;
  const address = network.deployment.contracts.identityRegistry;
  const registry = { address, abi: identityRegistryAbi } as const;
  const transport = http(rpcUrl);
  const chain = {
    id: chainId,
    name: "test",
    nativeCurrency: { name: "-", symbol: "-", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  };
  const reader = createPublicClient({ chain, transport });
  const owner = privateKeyToAccount(ownerKey);
  const identityId = await reader.readContract({ ...registry, functionName: "idByOwner", args: [owner.address] });
  const nonce = await reader.readContract({
    ...registry,
    functionName: what === "devices" ? "deviceNonce" : "ownerNonce",
    args: [identityId],
  });
  const deadline = BigInt(Math.floor(Date.now() / 1000) + 3_600);
  const domain = { name: "Skrumble IdentityRegistry", version: "1", chainId, verifyingContract: address };
  const id = { name: "identityId", type: "uint64" } as const;
  const fresh = [
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ] as const;
  // Gas costs nothing, so anybody may carry the signature there.
  const carrier = createWalletClient({ account: privateKeyToAccount(generatePrivateKey()), chain, transport });
  const free = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, gas: 1_000_000n };
  const hash =
    what === "devices"
      ? await carrier.writeContract({
          ...registry,
          ...free,
          functionName: "setDevices",
          args: [
            identityId,
            [],
            deadline,
            await owner.signTypedData({
              domain,
              types: { SetDevices: [id, { name: "deviceRoot", type: "bytes32" }, ...fresh] },
              primaryType: "SetDevices",
              message: { identityId, deviceRoot: zero, nonce, deadline },
            }),
          ],
        })
      : await carrier.writeContract({
          ...registry,
          ...free,
          functionName: "revoke",
          args: [
            identityId,
            deadline,
            await owner.signTypedData({
              domain,
              types: { Revoke: [id, ...fresh] },
              primaryType: "Revoke",
              message: { identityId, nonce, deadline },
            }),
          ],
        });
  const { status } = await reader.waitForTransactionReceipt({ hash, pollingInterval: 200 });
  if (status !== "success") throw new Error(`The registry refused to throw out the ${what}.`);
}
