import { pad } from "viem";
import type { Address } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { readProven } from "./provenState.ts";
import { bitsOf, mappingSlot } from "./slots.ts";

/** Where SKM has its accounts, and how much of an account's word is the balance (contracts/libraries/HoldingWindow.sol). */
const accounts = 10;
const balanceBits = 96;

/** SKM of a wallet, in base units, proven. @throws what {@link readProven} throws */
export const readProvenBalance = (chain: Chain, wallet: Address, signal?: AbortSignal): Promise<bigint> =>
  readProven(
    chain,
    async ({ storage }) => {
      const [word = 0n] = await storage(chain.network.contracts.skm, [mappingSlot(pad(wallet), accounts)]);
      return bitsOf(word, 0, balanceBits);
    },
    signal,
  );
