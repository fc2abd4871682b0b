import { zeroAddress } from "viem";
import { readBalance } from "../chain/actions/readBalance.ts";
import type { Core } from "../client/core.ts";
import type { HistoryMessage } from "../conversation/content/types.ts";
import { sendContent } from "../conversation/send/sendContent.ts";
import { shownMessages } from "../conversation/view.ts";
import type { Message } from "../types/conversation.ts";
import type { Asset, ConversationMoney, Money } from "../types/money.ts";
import type { ConversationId } from "../types/primitives.ts";
import { eachThatWorks } from "./assets.ts";
import { payable } from "./chains.ts";
import { paymentHistory } from "./history.ts";
import { pay } from "./pay.ts";
import { requestMoney } from "./request.ts";
import { planPayment } from "./review.ts";
import { untoldPayments } from "./untold.ts";

/** @param of the joined client; throws where nobody has joined */
export const clientMoney = (of: () => Core): Money => ({
  chains: async () => of().payments.assets.chains.all.map(payable),
  async holdings(chainId) {
    const { chain: home, payments, self, signal } = of();
    const chain = chainId === undefined ? home : payments.assets.chains.of({ chainId });
    const wallet = self.identity.wallet;
    const options = { quorum: true, signal };
    const balanceOf = ({ token }: { token: `0x${string}` }) => readBalance(chain, token, wallet, options);
    const assets = await payments.assets.listed(chain.network.chainId);
    const isNeeded = ({ moves, token }: Asset) => moves === "signature" || token === zeroAddress;
    // A token whose balance cannot be read is left out, and takes nothing from the others.
    return eachThatWorks(assets, async (asset) => ({ asset, balance: await balanceOf(asset) }), isNeeded);
  },
  asset: async (id) => of().payments.assets.read(id),
  history: async (page = {}) => paymentHistory(of(), page),
  untold: async () => untoldPayments(of()),
});

export function conversationMoney(core: Core, id: ConversationId): ConversationMoney {
  const shown = async (message: HistoryMessage): Promise<Message> =>
    (await shownMessages(core, id, [message]))[0] as Message;
  return {
    async review(input) {
      const { payer: _, ...review } = await planPayment(core, id, input);
      return review;
    },
    pay: async (input, wallet) => shown(await pay(core, id, input, wallet)),
    request: async (input) => shown(await requestMoney(core, id, input)),
    async withdraw(target) {
      await sendContent(core, id, { kind: "withdraw", target });
    },
  };
}
