import { readPrice } from "../chain/actions/readPrice.ts";
import type { Core } from "../client/core.ts";
import type { Fees } from "../types/fees.ts";
import { payForUse } from "./pay.ts";
import { planFee } from "./quote.ts";

/** @param of the joined client; throws where nobody has joined */
export const clientFees = (of: () => Core): Fees => ({
  async price(feature) {
    const { chain, signal } = of();
    return readPrice(chain, feature, { quorum: true, signal });
  },
  async quote(use) {
    const { price, fromCredit, fromWallet, needsWallet } = await planFee(of(), use);
    return { price, fromCredit, fromWallet, needsWallet };
  },
  pay: async (input, wallet) => payForUse(of(), input, wallet),
});
