/** What a node answers to a request of one call, under the id of that. */
export function rpcAnswer(init: RequestInit | undefined, said: object): Response {
  const { id } = JSON.parse(String(init?.body)) as { id: number };
  return Response.json({ jsonrpc: "2.0", id, ...said });
}
