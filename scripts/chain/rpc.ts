import { readBounded } from "../../sdk/src/chain/readBounded.ts";

/**
 * One JSON-RPC call to the chain's own port; the error carries the method, never the parameters.
 * @param mostBytes of the answer of somebody else's node, which is not followed to another address either
 */
export async function rpc<T>(
  url: string,
  method: string,
  params: readonly unknown[] = [],
  timeoutMs = 30_000,
  mostBytes?: number,
): Promise<T> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: AbortSignal.timeout(timeoutMs),
    redirect: mostBytes === undefined ? "follow" : "error",
  });
  const answer = (await json(response, mostBytes)) as { result?: T; error?: { message: string } };
  if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
  return answer.result as T;
}

async function json(response: Response, most: number | undefined): Promise<unknown> {
  if (most === undefined) return response.json();
  const bytes = await readBounded(response, most);
  if (!bytes) throw new Error(`An answer of more than ${most} bytes.`);
  return JSON.parse(new TextDecoder().decode(bytes));
}
