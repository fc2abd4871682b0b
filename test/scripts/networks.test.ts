import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Address, getAddress, numberToHex } from "viem";
import { expect, it } from "vitest";
import { readNetwork } from "../../scripts/deploy/networks.ts";
import { publicParameters } from "../../scripts/deploy/parameters.ts";
import { tempDir } from "./support/temp.ts";

const address = (number: number): Address => numberToHex(number, { size: 20 });
const GOVERNOR = address(0x11);

/** Root of a project whose one network "main" is this. */
function rootWith(entry: object): string {
  const root = tempDir();
  const folder = join(root, "deployments");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "networks.json"), JSON.stringify({ main: entry }));
  return root;
}
const main = { chainId: 1, rpcUrl: "http://localhost:1", governors: [GOVERNOR] };
const read = (more: object) => readNetwork(rootWith({ ...main, ...more }), "main");

it("knows only networks with governors, unless they are for development", () => {
  const root = rootWith({ ...main, governors: undefined });
  expect(() => readNetwork(root, "main")).toThrow("governors");
  expect(() => readNetwork(root, "other")).toThrow("known: main");
  expect(() => readNetwork(root, "toString")).toThrow("no network");
  expect(() => readNetwork(root, undefined)).toThrow("Which network");
  expect(read({}).parameters).toBe(publicParameters);
});

it("takes no attesters, or 4 to 64, each once, and sorts them", () => {
  const many = Array.from({ length: 65 }, (_, index) => address(index + 1));
  expect(read({}).attesters).toEqual([]);
  expect(read({ attesters: many.slice(0, 64).toReversed() }).attesters).toEqual(many.slice(0, 64));
  expect(() => read({ attesters: ["0x1"] })).toThrow("attesters must be addresses");
  for (const count of [1, 3, 65]) expect(() => read({ attesters: many.slice(0, count) })).toThrow("4 to 64");
  expect(() => read({ attesters: [address(0), ...many.slice(0, 4)] })).toThrow("zero address");
  const mixed = getAddress(`0x${"ab".repeat(20)}`);
  expect(() => read({ attesters: [mixed, mixed.toLowerCase(), ...many.slice(0, 3)] })).toThrow("twice");
});

it("takes blocks of which a minute has a whole number", () => {
  expect(read({})).not.toHaveProperty("blockSeconds");
  expect(read({ blockSeconds: 2 }).blockSeconds).toBe(2);
  for (const wrong of [0, -1, 0.5, 7, 120, "2", null])
    expect(() => read({ blockSeconds: wrong })).toThrow(
      "blockSeconds must be a number of which a minute has a whole one",
    );
});
