import {
  type Abi,
  decodeFunctionData,
  encodeErrorResult,
  encodeFunctionResult,
  type Hex,
  keccak256,
  numberToHex,
  parseTransaction,
} from "viem";
import { RpcError } from "../../src/chain/rpc.ts";
import type { Core } from "../../src/client/core.ts";
import { createSerial } from "../../src/client/serial.ts";
import { escrowAbi, skmAbi } from "../../src/generated/index.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";
import type { Address } from "../../src/types/primitives.ts";
import { contractsAt } from "./contracts.ts";

const skm: Address = `0x${"2".repeat(40)}`;
const escrowAt: Address = `0x${"e".repeat(40)}`;
/** Numbers of IEscrow.State. */
const states = { unfunded: 0, funded: 1, submitted: 2, rejected: 3, disputed: 4, settled: 5 } as const;

type State = keyof typeof states;
const moves: Record<"accept" | "reject" | "dispute", { from: State[]; to: State }> = {
  accept: { from: ["funded"], to: "settled" },
  reject: { from: ["submitted"], to: "rejected" },
  dispute: { from: ["funded", "submitted", "rejected"], to: "disputed" },
};

/** What a chain with one escrow knows. */
export interface EscrowFacts {
  milestones: { state: keyof typeof states; step: number; amount: bigint }[];
  /** Lies in the escrow, of any token. */
  held: bigint;
  /** Whether an authorisation to move SKM was used, and what comes to the escrow when one is brought. */
  used: boolean;
  arrives: bigint;
  /** Receipts of transactions that wallets sent; those that wait; how many of the wallet's are mined, and the last of those. */
  receipts: Record<Hex, "0x0" | "0x1">;
  waiting?: Record<Hex, { nonce: number }>;
  mined?: number;
  last?: { hash: Hex; from: Address; to: Address; nonce: number; value: bigint };
  /** Unix seconds. */
  time: number;
}

export function revertOf(errorName: string): RpcError {
  const error = (escrowAbi as Abi).find((one) => one.type === "error" && one.name === errorName);
  const inputs = error?.type === "error" ? error.inputs : [];
  const args = inputs.map(({ type }) => (type === "address" ? skm : type === "uint8" ? 0 : 0n));
  return new RpcError(3, "execution reverted", encodeErrorResult({ abi: escrowAbi as Abi, errorName, args }));
}

const wired = ({ value, nonce, ...rest }: NonNullable<EscrowFacts["last"]>) => ({
  ...{ ...rest, value: numberToHex(value), nonce: numberToHex(nonce), input: "0x" },
});

/** A core over such a chain with two relays; `lies` are what the one says that is asked alone. */
export async function escrowCore(facts: EscrowFacts, lies: Record<string, unknown> = {}) {
  const calls: { to: Hex; input: Hex; hash: Hex; went: boolean }[] = [];
  const total = () => BigInt(facts.milestones.reduce((sum, { step }) => sum + step, 0));
  const accounted = () =>
    facts.milestones.reduce((sum, { state, amount }) => (state === "funded" ? sum + amount : sum), 0n);
  /** What the escrow does with a call: why it refuses, or what changes. */
  const outcome = (data: Hex): string | (() => void) => {
    const { functionName, args } = decodeFunctionData({ abi: escrowAbi, data });
    if (functionName === "accept" || functionName === "reject" || functionName === "dispute") {
      const one = facts.milestones[Number(args[0])];
      const { from, to } = moves[functionName];
      if (!one || !from.includes(one.state)) return "EscrowWrongState";
      if (args[2].step !== BigInt(one.step)) return "EscrowWrongStep";
      return () => Object.assign(one, { state: to, step: one.step + 1 });
    }
    if (functionName !== "fund") return "EscrowWrongKind";
    const wanted = facts.milestones.slice(Number(args[0]), Number(args[0] + args[1]));
    if (wanted.some(({ state }) => state !== "unfunded")) return "EscrowWrongState";
    if (facts.held < accounted() + wanted.reduce((sum, { amount }) => sum + amount, 0n)) return "EscrowWrongStep";
    return () => {
      for (const one of wanted) Object.assign(one, { state: "funded", step: one.step + 1 });
    };
  };
  const call = (to: Address, data: Hex): Hex => {
    if (to === skm) {
      const { functionName } = decodeFunctionData({ abi: skmAbi, data });
      if (functionName === "authorizationState")
        return encodeFunctionResult({ abi: skmAbi, functionName, result: facts.used });
      return encodeFunctionResult({ abi: skmAbi, functionName: "balanceOf", result: facts.held });
    }
    const { functionName, args = [] } = decodeFunctionData({ abi: escrowAbi, data });
    const at = facts.milestones[Number(args[0] ?? 0)] ?? { state: "unfunded" as const, step: 0, amount: 0n };
    const answer = (result: unknown) => encodeFunctionResult({ abi: escrowAbi, functionName, result } as never);
    switch (functionName) {
      case "milestone": {
        const remaining = at.state === "funded" ? at.amount : 0n;
        return answer({ remaining, due: 1, since: 1, step: at.step, state: states[at.state] });
      }
      case "timeoutOf":
        return answer([0n, 0]);
      case "step":
        return answer(total());
      case "isFinished":
        return answer(facts.milestones.every(({ state }) => state === "settled"));
      case "accounted":
        return answer(accounted());
      default: {
        const errorName = outcome(data);
        if (typeof errorName !== "string") return "0x";
        throw revertOf(errorName);
      }
    }
  };
  const send = (raw: Hex): Hex => {
    const hash = keccak256(raw);
    if (calls.some((one) => one.hash === hash)) return hash;
    const { to, data = "0x" } = parseTransaction(raw);
    let name: string | undefined;
    if (to?.toLowerCase() === skm) {
      if (facts.used) name = "ERC3009NonceUsed";
      else Object.assign(facts, { used: true, held: facts.held + facts.arrives });
    } else {
      const found = outcome(data);
      if (typeof found === "string") name = found;
      else found();
    }
    calls.push({ to: to?.toLowerCase() as Hex, input: data, hash, went: name === undefined });
    return hash;
  };
  const answer = async (method: string, params: unknown[]): Promise<unknown> => {
    const [first] = params as [Hex];
    const found = calls.find(({ hash }) => hash === first);
    switch (method) {
      case "eth_blockNumber":
        return numberToHex(50 + calls.length);
      case "eth_getBlockByNumber":
        return {
          ...{ number: first === ("latest" as Hex) ? numberToHex(50) : first, timestamp: numberToHex(facts.time) },
          ...(params[1] === true ? { transactions: facts.last ? [wired(facts.last)] : [] } : {}),
        };
      case "eth_getTransactionCount":
        // When the wallet was asked.
        if (params[1] === "0x0") return numberToHex((facts.mined ?? 0) - (facts.last ? 1 : 0));
        return numberToHex(
          (facts.mined ?? 0) + (params[1] === "pending" ? Object.keys(facts.waiting ?? {}).length : 0),
        );
      case "eth_sendRawTransaction":
        return send(first);
      case "eth_getTransactionReceipt": {
        const status = found ? (found.went ? "0x1" : "0x0") : facts.receipts[first];
        return status ? { status, transactionHash: first, blockNumber: numberToHex(51), logs: [] } : null;
      }
      case "eth_getTransactionByHash":
        if (first === facts.last?.hash) return wired(facts.last);
        if (facts.waiting?.[first])
          return wired({ hash: first, from: skm, to: skm, value: 0n, ...facts.waiting[first] });
        return found ? { ...found, from: skm, value: "0x0", nonce: "0x0" } : null;
      case "eth_getLogs":
        return calls.filter(({ to, went }) => to === escrowAt && went).map(({ hash }) => ({ transactionHash: hash }));
      case "eth_getBalance":
        return numberToHex(facts.held);
      default: {
        const { to, data } = params[0] as { to: Address; data: Hex };
        return call(to, data);
      }
    }
  };
  const vault = await openVault(createMemoryStore());
  const core = {
    ...{ signal: new AbortController().signal, now: () => facts.time * 1000, vault, serial: createSerial() },
    threads: { message: async (_: string, id: string) => ({ id }) },
    chain: {
      network: { chainId: 1, contracts: { ...contractsAt(`0x${"1".repeat(40)}`), skm } },
      rpc: {
        endpoints: () => ["one", "two"].map((operator) => ({ url: operator, operator })),
        request: async (method: string, params: unknown[]) => {
          if (lies[method] instanceof Error) throw lies[method];
          return lies[method] ?? answer(method, params);
        },
        requestAt: (_: unknown, method: string, params: unknown[]) => answer(method, params),
      },
    },
  } as unknown as Core;
  return { core, vault, calls, skm, escrow: escrowAt };
}
