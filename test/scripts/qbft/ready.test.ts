import { type AddressInfo, createServer } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createNetwork } from "../../../scripts/chain/qbft/createNetwork.ts";
import type { QbftNetwork, QbftNode } from "../../../scripts/chain/qbft/network.ts";
import { expectReady } from "../../../scripts/chain/qbft/verbs/expectReady.ts";
import { hostFolder } from "../../../scripts/chain/qbft/writeFiles.ts";
import { freePort } from "../../../scripts/lib/ports.ts";
import { starter } from "../support/starter.ts";
import { tempDir } from "../support/temp.ts";
import { addressesOf, fakeNode, networkOf } from "./support.ts";

const stranger = addressesOf(20)[19] as `0x${string}`;

/** Fakes of five nodes of one machine: the fifth is to become a validator and is so far, or does not run. */
async function oneMachine(height: number | undefined) {
  const network = networkOf(5);
  const urls: string[] = [];
  for (const { index } of network.nodes) {
    const head = index === 5 ? height : 100;
    const block = (number: number) => ({
      number: `0x${number.toString(16)}`,
      hash: `0x${"bb".repeat(32)}`,
      timestamp: "0x1",
      extraData: "0x",
      miner: addressesOf(1)[0],
    });
    const fake =
      head !== undefined &&
      (await fakeNode({
        eth_blockNumber: () => `0x${head.toString(16)}`,
        eth_getBlockByNumber: ([number]) => block(Number(number)),
      }));
    urls.push(fake ? fake.url : "http://127.0.0.1:1");
  }
  const urlOf = (node: QbftNode): string => urls[node.index - 1] as string;
  return expectReady(network, network.nodes[4]?.address as `0x${string}`, { urlOf });
}

it("lets a node of this machine be voted in once it follows the chain", async () => {
  await oneMachine(98);
  await expect(oneMachine(60)).rejects.toThrow("validator-5 is 40 blocks behind");
  await expect(oneMachine(undefined)).rejects.toThrow("validator-5 does not run");
});

it("wants of a node of another host that its P2P port answers", async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const open = (server.address() as AddressInfo).port;
  const closed = await freePort("127.0.0.1");
  const spread = (p2pPort: number): QbftNetwork => {
    const network = networkOf(5);
    const nodes = network.nodes.map((node) => ({
      ...node,
      at: node.index === 5 ? { host: "127.0.0.1", p2pPort } : { host: "192.0.2.1", p2pPort: 30_303 },
    }));
    return { ...network, nodes, here: "192.0.2.1" };
  };
  const address = addressesOf(5)[4] as `0x${string}`;
  const options = { urlOf: () => "http://127.0.0.1:1" };
  await expectReady(spread(open), address, options);
  await expect(expectReady(spread(closed), address, options)).rejects.toThrow(
    `validator-5 takes no connection at 127.0.0.1:${closed}.`,
  );
});

it("votes for no address that it does not know, unless it is told to", async () => {
  await expect(expectReady(networkOf(4), stranger)).rejects.toThrow("No node in network.json has the address");
  const folder = tempDir();
  const hosts = ["203.0.113.11", "203.0.113.12", "203.0.113.13", "203.0.113.14"];
  const options = {
    validators: 4,
    rpcNodes: 0,
    chainId: 7587,
    blockPeriodSeconds: 1,
    rpcHosts: [],
    portOffset: 29_000,
  };
  createNetwork(folder, { ...options, hosts });
  const add = async (...more: string[]) => {
    const dir = hostFolder(folder, "203.0.113.11");
    const command = starter(tempDir(), ["add-validator", stranger, "--dir", dir, ...more], "chain");
    return { code: await command.ended(), text: command.output() };
  };
  expect(await add()).toMatchObject({ code: 1, text: expect.stringContaining("or insist with --force") });
  // Past the check; nothing runs here that could vote.
  expect(await add("--force")).toMatchObject({ code: 1, text: expect.stringContaining("No validator answers") });
});
