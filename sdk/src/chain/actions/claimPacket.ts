import { encodeFunctionData, parseSignature, signatureToCompactSignature } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { redPacketsAbi } from "../../generated/index.ts";
import type { Address, Hex } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { packetDomain, submitToPackets } from "../packets.ts";
import type { SubmitOptions, TransactionReceipt } from "../submit.ts";

/** Enough for a payment that uses all it may; little, so that many fit into a block. */
const claimGas = 600_000n;

/**
 * Takes a share for an identity: the packet's key and the identity's controller sign, a throw-away key submits.
 * @param input.recipient the identity's owner, as the contract will read it
 * @throws SkrumbleError PACKET_ALREADY_CLAIMED, PACKET_EMPTY, PACKET_EXPIRED, PACKET_NOT_ELIGIBLE, PACKET_KEYS_CHANGED, and what
 * {@link submitToPackets} throws
 */
export async function claimPacket(
  chain: Chain,
  input: { packetId: bigint; identityId: bigint; recipient: Address; key: Hex; controller: Hex },
  options: SubmitOptions = {},
): Promise<TransactionReceipt> {
  const { packetId, identityId, recipient, key, controller } = input;
  const sign = async (secret: Hex) => {
    const signature = await privateKeyToAccount(secret).signTypedData({
      domain: packetDomain(chain),
      types: {
        Claim: [
          { name: "packetId", type: "uint64" },
          { name: "identityId", type: "uint64" },
          { name: "recipient", type: "address" },
        ],
      },
      primaryType: "Claim",
      message: { packetId, identityId, recipient },
    });
    const { r, yParityAndS: vs } = signatureToCompactSignature(parseSignature(signature));
    return { r, vs };
  };
  const args = [packetId, identityId, await sign(key), await sign(controller)] as const;
  const data = encodeFunctionData({ abi: redPacketsAbi, functionName: "claim", args });
  return submitToPackets(chain, data, { gas: claimGas, ...options });
}
