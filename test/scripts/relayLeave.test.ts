import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type Address,
  decodeFunctionData,
  encodeErrorResult,
  encodeFunctionResult,
  type Hex,
  keccak256,
  parseTransaction,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { expect, it, onTestFinished } from "vitest";
import type { Deployment } from "../../scripts/deploy/types.ts";
import { randomKey } from "../../scripts/lib/keys.ts";
import { leaveRegistry } from "../../scripts/relay/registry/leave.ts";
import { registryAbi } from "../../scripts/relay/registry/ownRelay.ts";
import { rotateRelayKeys } from "../../scripts/relay/registry/register.ts";
import { relayKeys } from "../../scripts/relay/relayKeys.ts";
import { tempDir } from "./support/temp.ts";

const REGISTRY: Address = `0x${"52".repeat(20)}`;
const DAY = 86_400;
const hex = (number: number): Hex => `0x${number.toString(16)}`;
const deployment = { chainId: 7587, contracts: { relayRegistry: REGISTRY } } as unknown as Deployment;

/** A fake of a chain whose registry has relay 1, of this operator; its clock is moved by hand. The true contract: relay.test.ts. */
async function fakeRegistry(operator: Address, anchorKey: Address) {
  const state = { now: 1_800_000_000, nonce: 0, paidTo: "" };
  const sent: string[] = [];
  const empty = { roles: 3, signingKey: `0x${"11".repeat(32)}` as Hex, region: "eu", endpoint: "https://a.example" };
  let entry: (typeof empty & { operator: Address; anchorKey: Address; unbondingAt: bigint; stake: bigint }) | undefined;
  entry = { ...empty, operator, anchorKey, unbondingAt: 0n, stake: 10_000n * 10n ** 18n };
  const call = (data: Hex): { result?: Hex; revert?: Hex } => {
    const { functionName, args = [] } = decodeFunctionData({ abi: registryAbi, data });
    if (functionName === "relayByAnchorKey") {
      const same = entry?.anchorKey.toLowerCase() === String(args[0]).toLowerCase();
      return { result: encodeFunctionResult({ abi: registryAbi, functionName, result: same ? 1 : 0 }) };
    }
    if (entry && args[0] === 1)
      return { result: encodeFunctionResult({ abi: registryAbi, functionName: "relay", result: entry }) };
    return { revert: encodeErrorResult({ abi: registryAbi, errorName: "RelayUnknown", args: [Number(args[0])] }) };
  };
  const transact = (raw: Hex): Hex => {
    const { data = "0x" } = parseTransaction(raw);
    const { functionName, args } = decodeFunctionData({ abi: registryAbi, data });
    sent.push(functionName);
    state.nonce += 1;
    if (functionName === "requestUnbond" && entry) entry.unbondingAt = BigInt(state.now + 14 * DAY);
    if (functionName === "update" && entry) entry = { ...entry, ...args[1] };
    if (functionName === "withdraw") {
      entry = undefined;
      state.paidTo = args[1];
    }
    return keccak256(raw);
  };
  const answers: Record<string, (params: unknown[]) => unknown> = {
    eth_chainId: () => hex(7587),
    eth_blockNumber: () => hex(100),
    eth_getTransactionCount: () => hex(state.nonce),
    eth_estimateGas: () => hex(100_000),
    eth_sendRawTransaction: ([raw]) => transact(raw as Hex),
    eth_getTransactionReceipt: ([hash]) => ({
      ...{ transactionHash: hash, blockHash: `0x${"bb".repeat(32)}`, blockNumber: hex(100), transactionIndex: "0x0" },
      ...{ status: "0x1", logs: [], gasUsed: "0x1", cumulativeGasUsed: "0x1", effectiveGasPrice: "0x0", type: "0x2" },
    }),
    eth_getBlockByNumber: () => ({ number: hex(100), timestamp: hex(state.now), transactions: [] }),
  };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: unknown[] };
    const { result, revert }: ReturnType<typeof call> =
      method === "eth_call" ? call((params[0] as { data: Hex }).data) : {};
    const answer = revert
      ? { error: { code: 3, message: "execution reverted", data: revert } }
      : { result: result ?? answers[method]?.(params) ?? null };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const rpcUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { rpcUrl, state, sent, entry: () => entry };
}

it("leaves in two steps, with the stake locked between them, and may be repeated", async () => {
  const { operator, anchor } = relayKeys(tempDir());
  const { rpcUrl, state, sent } = await fakeRegistry(operator.address, anchor.address);
  const leave = (which: number | Address = anchor.address) => leaveRegistry({ rpcUrl, deployment, operator, which });
  const locked = { id: 1, stake: 10_000n * 10n ** 18n, withdrawableAt: state.now + 14 * DAY };
  expect(await leave()).toEqual(locked);
  state.now += 14 * DAY - 1;
  expect(await leave(1)).toEqual(locked);
  expect(sent).toEqual(["requestUnbond"]);
  state.now += 1;
  expect(await leave(1)).toMatchObject({ id: 1, withdrawableAt: undefined });
  expect(sent).toEqual(["requestUnbond", "withdraw"]);
  expect(state.paidTo.toLowerCase()).toBe(operator.address.toLowerCase());
  await expect(leave()).rejects.toThrow("This relay is not registered");
  await expect(leave(1)).rejects.toThrow("There is no relay 1 in the registry.");
});

it("does nothing with another operator's relay", async () => {
  const { operator, anchor } = relayKeys(tempDir());
  const { rpcUrl, sent } = await fakeRegistry(operator.address, anchor.address);
  const thief = privateKeyToAccount(randomKey());
  const leave = leaveRegistry({ rpcUrl, deployment, operator: thief, which: 1 });
  await expect(leave).rejects.toThrow(`Relay 1 is not of the operator ${thief.address}`);
  expect(sent).toEqual([]);
});

it("gives a relay new keys by its number, when the old ones are lost, until it has left", async () => {
  const { operator, anchor } = relayKeys(tempDir());
  const { rpcUrl, sent, entry } = await fakeRegistry(operator.address, anchor.address);
  const rotate = (next = relayKeys(tempDir())) => rotateRelayKeys({ rpcUrl, deployment, operator, which: 1, next });
  const next = relayKeys(tempDir());
  expect(await rotate(next)).toBe(1);
  expect(entry()).toMatchObject({ anchorKey: next.anchor.address, signingKey: next.signingKey, region: "eu" });
  // Again: they are there already.
  expect(await rotate(next)).toBe(1);
  expect(sent).toEqual(["update"]);
  await leaveRegistry({ rpcUrl, deployment, operator, which: 1 });
  await expect(rotate()).rejects.toThrow("Relay 1 has left; it takes no new keys.");
});
