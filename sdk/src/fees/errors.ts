import { formatUnits } from "viem";
import { SkrumbleError } from "../errors/index.ts";
import type { FeeQuote } from "../types/fees.ts";

/** @param shown what a unit cost when the person was asked, `price` what it costs now */
export const dearer = (shown: bigint, price: bigint): SkrumbleError =>
  new SkrumbleError("FEE_PRICE_ROSE", { values: { shown: formatUnits(shown, 18), price: formatUnits(price, 18) } });

/** Money is missing, or only the wallet's word that credit may be used: this device has no key for that. */
export const needsWallet = ({ fromWallet }: Pick<FeeQuote, "fromWallet">): SkrumbleError =>
  fromWallet === 0n
    ? new SkrumbleError("FEE_NEEDS_SIGNATURE")
    : new SkrumbleError("FEE_NEEDS_WALLET", { values: { missing: formatUnits(fromWallet, 18) } });
