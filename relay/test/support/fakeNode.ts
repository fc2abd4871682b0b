import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { keccak256, numberToHex } from "viem";
import { onTestFinished } from "vitest";

type Answers = Record<string, (params: string[]) => unknown>;
interface Question {
  id: number;
  method: string;
  params: string[];
}

/** A node that answers JSON-RPC as it is told, one call or a batch. Others fail. */
export async function startFakeNode(answers: Answers) {
  const asked: string[] = [];
  const answer = ({ id, method, params }: Question) => {
    asked.push(method);
    const said = answers[method]?.(params);
    const error = { code: -32_000, message: "not here" };
    return { jsonrpc: "2.0", id, ...(said === undefined ? { error } : { result: said }) };
  };
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as Question | Question[];
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(Array.isArray(body) ? body.map(answer) : answer(body)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** A block as nodes show it, as far as anybody here looks. */
export const blockOf = (number: bigint) => ({
  ...{ number: numberToHex(number), timestamp: numberToHex(number), hash: keccak256(numberToHex(number)) },
  transactions: [],
});
