import { type Address, BaseError, ContractFunctionRevertedError, type Hex, parseAbi } from "viem";
import type { Sender } from "../../deploy/sender.ts";
import { Refusal } from "../../lib/say.ts";

export const registryAbi = parseAbi([
  "struct Relay { address operator; uint64 unbondingAt; uint8 roles; address anchorKey; bytes32 signingKey; uint256 stake; string region; string endpoint; }",
  "struct RelayConfig { uint8 roles; address anchorKey; bytes32 signingKey; string region; string endpoint; }",
  "function relay(uint32 relayId) view returns (Relay)",
  "function relayByAnchorKey(address anchorKey) view returns (uint32)",
  "function minimumStake() view returns (uint256)",
  "function register(RelayConfig config, uint256 stake, bytes anchorSignature) returns (uint32)",
  "function update(uint32 relayId, RelayConfig config, bytes anchorSignature)",
  "function requestUnbond(uint32 relayId)",
  "function withdraw(uint32 relayId, address to)",
  "error RelayUnknown(uint32 relayId)",
]);

export interface OwnRelay {
  id: number;
  entry: {
    operator: Address;
    /** Unix seconds from which the stake may be withdrawn; 0 while the relay is in service. */
    unbondingAt: bigint;
    roles: number;
    anchorKey: Address;
    signingKey: Hex;
    /** In the smallest units of SKM. */
    stake: bigint;
    region: string;
    endpoint: string;
  };
}

/** The sender's relay: the one of this number, or else of this anchor key. Refuses one that is nobody's or another operator's. */
export async function ownRelay(sender: Sender, registry: Address, which: number | Address): Promise<OwnRelay> {
  const { client } = sender;
  const at = { address: registry, abi: registryAbi } as const;
  const id =
    typeof which === "number"
      ? which
      : await client.readContract({ ...at, functionName: "relayByAnchorKey", args: [which] });
  if (id === 0) throw new Refusal("This relay is not registered. First: npm run relay -- register");
  let entry: OwnRelay["entry"];
  try {
    entry = await client.readContract({ ...at, functionName: "relay", args: [id] });
  } catch (error) {
    if (error instanceof BaseError && error.walk((cause) => cause instanceof ContractFunctionRevertedError))
      throw new Refusal(`There is no relay ${id} in the registry.`);
    throw error;
  }
  if (entry.operator.toLowerCase() !== sender.address.toLowerCase()) {
    throw new Refusal(`Relay ${id} is not of the operator ${sender.address} but of ${entry.operator}.`);
  }
  return { id, entry };
}
