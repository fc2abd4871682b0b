import { request } from "node:http";

const BODY = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });

/** Whether JSON-RPC answers at an address for a host name. `fetch` cannot ask under another name than the address. */
export function answersAt(address: string, port: number, hostName: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { host: hostName, "content-type": "application/json", "content-length": BODY.length };
    const asked = request({ host: address, port, method: "POST", headers, timeout: timeoutMs }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
    asked.end(BODY);
  });
}
