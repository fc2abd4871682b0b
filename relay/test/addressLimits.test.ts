import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { limitedAs } from "../src/http/clientAddress.ts";
import { startTestRelay } from "./support/relayProcess.ts";
import { connectWire } from "./support/wire.ts";

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["::FFFF:cb00:7107", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:0DB8:1:2::1", "2001:db8:1:2"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["2001:db8::", "2001:db8:0:0"],
  ["[2001:db8::9:9:9:9]", "2001:db8:0:0"],
  ["fe80::1%eth0", "fe80:0:0:0"],
  ["::1", "0:0:0:0"],
  ["unknown", "unknown"],
])("%s is limited as %s", (address, limited) => {
  expect(limitedAs(address)).toBe(limited);
});

test("connections of one address share an allowance; another address has its own", async () => {
  const settings = { FRAMES_PER_SECOND: "1", FRAMES_BURST: "10", ADDRESS_FACTOR: "2", TRUST_PROXY: "1" };
  const relay = await startTestRelay(settings);
  const from = (address: string) => connectWire(relay.url, { "x-forwarded-for": address });
  const use = async (address: string) => {
    const wire = await from(address);
    for (let i = 1; i <= 10; i++) wire.send({ frame: "anchorQuery", reqId: i, tag: new Uint8Array(32) });
    const names: string[] = [];
    for (let i = 1; i <= 10; i++) names.push(await wire.takeError(i));
    return names.filter((name) => name === "anchor-unavailable").length;
  };
  // A query costs 5: two a connection, four an address.
  expect([await use("203.0.113.1"), await use("203.0.113.1"), await use("203.0.113.1")]).toEqual([2, 2, 0]);
  expect(await use("2001:db8::1")).toBe(2);
});

test("an address that connects too often is refused, open connections or not", async () => {
  const relay = await startTestRelay({ CONNECTS_PER_MINUTE: "1" });
  for (let i = 0; i < 2; i++) {
    const wire = await connectWire(relay.url);
    wire.close();
    await wire.closed;
  }
  const refused = new WebSocket(`${relay.url.replace(/^http/, "ws")}/v1`);
  const status = await new Promise((resolve) => {
    refused.on("unexpected-response", (_, response) => resolve(response.statusCode));
    refused.on("error", () => undefined);
  });
  expect(status).toBe(429);
});
