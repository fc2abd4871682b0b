import { encodeFunctionData, hashTypedData } from "viem";
import { redPacketsAbi } from "../../generated/index.ts";
import type { TypedDataRequest } from "../../types/client.ts";
import type { Address, Hex } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { authorizationTypedData } from "../eip3009.ts";
import { packetDomain, submitToPackets } from "../packets.ts";
import type { SubmitOptions, TransactionReceipt } from "../submit.ts";

/** What a creator decides, as the contract has it. */
export interface PacketTerms {
  token: Address;
  amount: bigint;
  shares: number;
  /** Unix seconds. */
  expiresAt: number;
  /** Address of the packet key. */
  key: Address;
  /** First link of the hash chain; zero for equal shares. */
  chainHead: Hex;
}

/** The nonce that binds a signature to a packet: the EIP-712 digest of its terms. */
export const packetNonce = (chain: Chain, terms: PacketTerms): Hex =>
  hashTypedData({
    domain: packetDomain(chain),
    types: {
      Packet: [
        { name: "token", type: "address" },
        { name: "amount", type: "uint256" },
        { name: "shares", type: "uint8" },
        { name: "expiresAt", type: "uint40" },
        { name: "key", type: "address" },
        { name: "chainHead", type: "bytes32" },
      ],
    },
    primaryType: "Packet",
    message: { ...terms },
  });

/** What the wallet signs: EIP-3009, SKM to the packets, by which this one packet is made. Valid from now on. */
export const packetTypedData = (
  chain: Chain,
  { terms, creator, validBefore }: { terms: PacketTerms; creator: Address; validBefore: bigint },
): TypedDataRequest =>
  authorizationTypedData(
    chain,
    {
      ...{ from: creator, to: chain.network.contracts.redPackets, value: terms.amount },
      ...{ validBefore, nonce: packetNonce(chain, terms) },
    },
    "recipient",
  );

/**
 * Makes a packet of SKM on its creator's signature. It can be submitted again without harm: the nonce works once.
 * @throws SkrumbleError AMOUNT_OVER_BALANCE, PACKET_EXPIRY_INVALID, PACKET_NOT_MADE (too late, or made or cancelled before), and what
 * {@link submitToPackets} throws
 */
export function createPacket(
  chain: Chain,
  input: { terms: PacketTerms; creator: Address; validBefore: bigint; signature: Hex },
  options: SubmitOptions = {},
): Promise<TransactionReceipt> {
  const { terms, creator, validBefore, signature } = input;
  const args = [terms, creator, 0n, validBefore, signature] as const;
  return submitToPackets(chain, encodeFunctionData({ abi: redPacketsAbi, functionName: "createFor", args }), options);
}
