import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/**
 * Stands between a program and the chain and dies after the given number of transactions: the last one still reaches
 * the chain, but its answer does not come back, as when a machine loses power.
 */
export async function dyingProxy(rpcUrl: string, transactions: number): Promise<string> {
  let left = transactions;
  let dead = false;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const body = Buffer.concat(chunks).toString();
      if (dead) return void request.socket.destroy();
      const answer = await fetch(rpcUrl, { method: "POST", headers: { "content-type": "application/json" }, body });
      if (body.includes("eth_sendRawTransaction")) {
        left -= 1;
        dead = left < 0;
        if (dead) return void request.socket.destroy();
      }
      response.setHeader("content-type", "application/json");
      response.end(await answer.text());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
