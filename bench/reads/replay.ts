import { type Hex, numberToHex, parseEventLogs, type RpcLog } from "viem";
import type { Chain } from "../../sdk/src/chain/chain.ts";
import { createTurns } from "../../sdk/src/conversation/inTurn.ts";
import { identityRegistryAbi as abi } from "../../sdk/src/generated/index.ts";
import { REGISTRY, topics } from "./plan.ts";

/** What a relay gives events of at once (relay/src/http/rpcRules.ts). */
const blocksAtOnce = 10_000;
const atOnce = 4;

/** Everybody there is, by public ID, out of all events that say anything of them. Nothing of it is proven: a relay may leave out what it likes. */
export async function replay(chain: Chain, head: number): Promise<Map<Hex, { name: string; owner: Hex }>> {
  const inTurn = createTurns(atOnce);
  const relays = chain.rpc.endpoints();
  const pages = Array.from({ length: Math.ceil((head + 1) / blocksAtOnce) }, (_, at) =>
    inTurn(async () => {
      const from = at * blocksAtOnce;
      const range = { fromBlock: numberToHex(from), toBlock: numberToHex(Math.min(from + blocksAtOnce - 1, head)) };
      const filter = { address: REGISTRY, topics: [topics], ...range };
      const relay = relays[at % relays.length] as (typeof relays)[number];
      const logs = (await chain.rpc.requestAt(relay, "eth_getLogs", [filter])) as RpcLog[];
      return parseEventLogs({ abi, logs: logs as never, strict: true });
    }),
  );
  const people = new Map<bigint, { publicId: Hex; name: string; owner: Hex }>();
  for (const page of await Promise.all(pages))
    for (const { eventName, args } of page) {
      if (!("identityId" in args)) continue;
      const person = people.get(args.identityId) ?? { publicId: "0x", name: "", owner: "0x" };
      people.set(args.identityId, person);
      if (eventName === "KeysChanged") person.publicId = args.publicId;
      if (eventName === "Registered") person.owner = args.owner;
      if (eventName === "OwnerChanged") person.owner = args.to;
      if (eventName === "Registered" || eventName === "Renamed") person.name = args.name;
    }
  return new Map([...people.values()].map((person) => [person.publicId, person]));
}
