import { identityRegistryAbi } from "@skrumble/sdk/generated";
import { touchedSlots } from "@skrumble/sdk/shards";
import {
  type Address,
  decodeFunctionData,
  encodeAbiParameters,
  type Hex,
  keccak256,
  type PublicClient,
  stringToHex,
} from "viem";

type Reader = Pick<PublicClient, "getTransaction" | "readContract">;
type Words = readonly [nameHash: Hex, owner: Address, publicId: Hex, secret: Hex];

const words = [{ type: "bytes32" }, { type: "address" }, { type: "bytes32" }, { type: "bytes32" }] as const;

/**
 * Slot of the commitment that a transaction to the registry revealed; undefined where another contract called the registry, or where the
 * node does not have the state before any more. What it says of `rename` and `rotate` is a guess: the entry may have changed in the same block.
 * @throws where the node does not answer
 * @see contracts/identity/IdentityNames.sol, _useCommitment
 */
export async function spentCommitment(client: Reader, registry: Address, hash: Hex): Promise<Hex | undefined> {
  const { to, input, blockNumber } = await client.getTransaction({ hash });
  if (to?.toLowerCase() !== registry.toLowerCase()) return undefined;
  const revealed = await wordsOf(input, async (id) => {
    const at = { address: registry, abi: identityRegistryAbi, blockNumber: blockNumber - 1n } as const;
    return client.readContract({ ...at, functionName: "identity", args: [id] });
  }).catch(() => undefined);
  if (!revealed) return undefined;
  const commitment = keccak256(encodeAbiParameters(words, revealed));
  return touchedSlots({ eventName: "Committed", args: { commitment } }).committed;
}

async function wordsOf(
  input: Hex,
  entryOf: (id: bigint) => Promise<{ owner: Address; publicId: Hex; name: string }>,
): Promise<Words | undefined> {
  const { functionName, args } = decodeFunctionData({ abi: identityRegistryAbi, data: input });
  if (functionName === "registerFor") {
    const [{ name, owner, publicId }, secret] = args;
    return [hashOf(name), owner, publicId, secret];
  }
  if (functionName === "rename") {
    const [id, name, secret] = args;
    const { owner, publicId } = await entryOf(id);
    return [hashOf(name), owner, publicId, secret];
  }
  if (functionName === "rotate") {
    const [id, { publicId }, secret] = args;
    const { owner, name } = await entryOf(id);
    return [hashOf(name), owner, publicId, secret];
  }
  return undefined;
}

const hashOf = (name: string): Hex => keccak256(stringToHex(name));
