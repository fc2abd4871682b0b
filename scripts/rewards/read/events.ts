import {
  type Abi,
  type Address,
  type ContractEventName,
  encodeEventTopics,
  type Hex,
  numberToHex,
  type ParseEventLogsReturnType,
  type PublicClient,
  parseEventLogs,
  type RpcLog,
} from "viem";

export type Asks = Pick<PublicClient, "request">;

/** Below what Besu (5,000) and relays (10,000) look through at once. */
const SPAN = 1_000;
/** Asked side by side; the transport may send them as one batch. Few: relays that anchor in every block fill the answers. */
const AT_ONCE = 4;

interface Wanted<abi extends Abi, names extends ContractEventName<abi>> {
  address: Address;
  abi: abi;
  events: readonly names[];
  /** First block. */
  from: number;
  /** Last block, which the chain has. */
  to: number;
}

/**
 * Events of a contract, in the order in which they happened, of a few spans of blocks at a time: anybody can make more of them in a
 * period than memory holds. Those of other names are left out.
 */
export async function* readEvents<const abi extends Abi, names extends ContractEventName<abi>>(
  client: Asks,
  { address, abi, events, from, to }: Wanted<abi, names>,
): AsyncGenerator<ParseEventLogsReturnType<abi, names[], true>> {
  const names = events.map((eventName) => encodeEventTopics({ abi, eventName } as never)[0] as Hex);
  const spans: { fromBlock: Hex; toBlock: Hex }[] = [];
  for (let first = from; first <= to; first += SPAN)
    spans.push({ fromBlock: numberToHex(first), toBlock: numberToHex(Math.min(first + SPAN - 1, to)) });
  for (let done = 0; done < spans.length; done += AT_ONCE) {
    const answers = await Promise.all(
      spans
        .slice(done, done + AT_ONCE)
        .map((span) => client.request({ method: "eth_getLogs", params: [{ address, topics: [names], ...span }] })),
    );
    const logs: RpcLog[] = answers.flat();
    yield parseEventLogs({ abi, logs: logs as never, eventName: [...events], strict: true }) as never;
  }
}
