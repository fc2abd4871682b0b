import { truncatedAnswers, wrongIds } from "./faults/brokenAnswers.ts";
import { falseBalances, falseBlocks, falseCalls, falseLogs, falseReceipts } from "./faults/falseData.ts";
import { lateAnswers } from "./faults/lateAnswers.ts";
import { lostAnswers } from "./faults/lostAnswers.ts";
import { repeatedLogs } from "./faults/repeatedLogs.ts";
import { stalledHead } from "./faults/stalledHead.ts";
import { tipOfOneGwei } from "./faults/tipOfOneGwei.ts";
import { unavailable } from "./faults/unavailable.ts";
import { unknownTags } from "./faults/unknownTags.ts";
import { startFaultyRpc } from "./faultyRpc.ts";

export interface FailingNodes {
  /** JSON-RPC addresses, one for each of three relays. */
  readonly urls: readonly string[];
  /** Faults that everybody runs into and that did nothing so far, by name. */
  unused(): string[];
  /** The head of all nodes stays where it is, until the function that comes back is called. */
  stall(): () => void;
  stop(): Promise<void>;
}

/**
 * A node for each of three relays, none of them sound: all are late, busy now and then, garble answers or break off after
 * they took a transaction, say events twice, and differ from a development node as Besu does. The first one lies as well.
 * @param target JSON-RPC address of the chain
 */
export async function startFailingNodes(target: string): Promise<FailingNodes> {
  const nodes = await startFaultyRpc(target);
  const names = ["0", "1", "2"];
  const met = {
    lateAnswers: lateAnswers(150),
    repeatedLogs: repeatedLogs(),
    unavailable: unavailable(19),
    truncatedAnswers: truncatedAnswers(29),
    wrongIds: wrongIds(37),
    lostAnswers: lostAnswers("eth_sendRawTransaction", 2),
  };
  const on = Object.entries(met).map(([name, fault]) => ({ name, injected: nodes.inject(fault) }));
  // Whether a wallet asks for what these change is its own business.
  for (const fault of [unknownTags(), tipOfOneGwei()]) nodes.inject(fault);
  // Who is asked is chance. Proofs are not among these: nobody asks for them where blocks have no seals.
  const lies = [falseReceipts(), falseLogs(), falseCalls(), falseBalances(), falseBlocks(60)];
  for (const fault of lies) nodes.inject(fault, "0");
  return {
    urls: names.map(nodes.url),
    unused: () => on.filter(({ injected }) => injected.hits() === 0).map(({ name }) => name),
    stall() {
      const stalled = names.map((name) => nodes.inject(stalledHead(), name));
      return () => {
        for (const one of stalled) one.off();
      };
    },
    stop: nodes.stop,
  };
}
