import { benchCrypto } from "./crypto.ts";
import { run as benchGroup } from "./group.ts";
import { run as benchHistory } from "./history.ts";
import { benchInBrowser } from "./inBrowser.ts";
import { benchOnline } from "./online.ts";

/**
 * `npm run bench -- messages [RUNS] [TEXTS]`: what encrypting costs, ours beside Olm and Megolm, and what it costs in a large
 * group; opening and searching a history of 100,000, by the SDK and in the dApp; a conversation over real relays that are killed in turn, with so many texts.
 */
const runs = Number(process.argv[2] ?? 5);
await benchCrypto(runs);
await benchGroup(runs);
await benchHistory({ runs });
await benchInBrowser({ runs });
await benchOnline({ count: Number(process.argv[3] ?? 5000) });
