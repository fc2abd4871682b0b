import { encodeFunctionResult, erc20Abi, type Hex, toFunctionSelector } from "viem";
import { expect, test } from "vitest";
import { RpcError } from "../../src/chain/rpc.ts";
import { openConversation } from "../../src/conversation/openConversation.ts";
import type { Address } from "../../src/types/primitives.ts";
import { createPayers } from "../support/payers.ts";

const payers = createPayers();
const token: Address = `0x${"77".repeat(20)}`;

/** What is wrong with a payment of a token, where the operators one, two and three say that the token agrees to it, or does not. */
async function problemWhere(...agrees: [boolean, boolean, boolean]) {
  const said = (isAgreed: boolean) => (method: string, params: unknown[]) => {
    const [call] = params as [{ to?: Address; data?: Hex }];
    if (method === "eth_getCode" && params[0] === token) return "0x00";
    if (method !== "eth_call" || call.to?.toLowerCase() !== token) return undefined;
    const results = { transfer: isAgreed, decimals: 18, symbol: "TOK", name: "Token", balanceOf: 1000n };
    const asked = erc20Abi.find((one) => one.type === "function" && call.data?.startsWith(toFunctionSelector(one)));
    const functionName = (asked as { name?: keyof typeof results } | undefined)?.name;
    if (functionName === undefined) throw new RpcError(3, "execution reverted", "0x");
    return encodeFunctionResult({ abi: erc20Abi, functionName, result: results[functionName] } as never);
  };
  payers.coin.lies = { one: said(agrees[0]), two: said(agrees[1]), three: said(agrees[2]) };
  const input = { to: payers.bob.publicId, asset: { chainId: 1, token }, amount: 100n };
  return (await openConversation(payers.alice.core, payers.id, "").money.review(input)).problem?.code;
}

test("a token that says no without reverting is not paid in, where two operators say that it does", async () => {
  expect(await problemWhere(true, true, true)).toBeUndefined();
  expect(await problemWhere(false, false, false)).toBe("PAYMENT_REFUSED");
  expect(await problemWhere(false, false, true)).toBe("PAYMENT_REFUSED");
  // The first one is asked first.
  expect(await problemWhere(false, true, true)).toBeUndefined();
});
