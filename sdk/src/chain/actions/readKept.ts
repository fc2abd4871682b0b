import { redPacketsAbi } from "../../generated/index.ts";
import type { Address } from "../../types/primitives.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";

/** What a packet keeps for a wallet because its share could not be paid. @throws what {@link readContract} throws */
export const readKept = (
  chain: Chain,
  { packetId, wallet }: { packetId: bigint; wallet: Address },
  options: ReadOptions = {},
): Promise<bigint> =>
  readContract(
    chain,
    {
      address: chain.network.contracts.redPackets,
      abi: redPacketsAbi,
      functionName: "keptFor",
      args: [packetId, wallet],
    },
    options,
  );
