import { readAgreedHead } from "../chain/actions/readBlock.ts";
import { readSent } from "../chain/actions/readSent.ts";
import type { AnyChain } from "../chain/chain.ts";
import type { Core } from "../client/core.ts";
import { readMessage } from "../conversation/history/page.ts";
import { findSent } from "./findSent.ts";
import { inHand, keepInHand, letGo, type PaymentInHand, readInHand } from "./inHand.ts";
import { say } from "./say.ts";

/** So long after its end a wallet may still have sent it. */
const margin = 600_000;

/**
 * One look for what a wallet was asked to send. `told`: it was sent, and stands in the conversation. `gone`: it was not, and will not
 * be. `open`: nobody can say, so it must not be asked for a second time unawares. One at a time: it is told of once.
 * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, CHAIN_REJECTED, and what telling throws
 */
export const lookAgain = (core: Core, { id, conversationId }: PaymentInHand): Promise<"told" | "gone" | "open"> =>
  core.serial.run(`payment ${id}`, async () => {
    // Whoever looked before may have told of it, or given it up: nothing is done for what is no longer there.
    const record = await readInHand(core, id);
    if (!record) return (await readMessage(core.vault, conversationId, id)) === undefined ? "gone" : "told";
    // The program no longer names its chain: nobody can be asked.
    const on = core.payments.assets.chains.find(record.content.asset.chainId);
    if (!on || inHand(core).prompts.has(id)) return "open";
    // Asked first: what the first block after a halt holds is looked through afterwards.
    const over = record.transaction === undefined && (await isOver(core, on, record));
    const transaction = record.transaction ?? (await findSent(core, record));
    if (transaction !== undefined) {
      const found = { ...record, transaction };
      await keepInHand(core, found);
      await say(core, found);
      await letGo(core, found);
      return "told";
    }
    if (!over) return "open";
    await letGo(core, record);
    return "gone";
  });

/** By this device's clock and the chain's; and nothing that the wallet sent waits to be mined. */
async function isOver(core: Core, on: AnyChain, { content: { until, wallet } }: PaymentInHand): Promise<boolean> {
  if (core.now() <= until * 1000 + margin) return false;
  if ((await readAgreedHead(on, core.signal)).timestamp <= until) return false;
  const { mined, pending } = await readSent(on, wallet, core.signal);
  return pending === mined;
}
