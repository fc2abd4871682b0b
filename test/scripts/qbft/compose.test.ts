import { expect, it } from "vitest";
import { composeFile } from "../../../scripts/chain/qbft/compose.ts";
import { parseCompose } from "./composeSchema.ts";
import { networkOf } from "./support.ts";

const written = composeFile(networkOf(4, 1));

it("writes what Compose takes", () => {
  expect(Object.keys(parseCompose(written).services)).toHaveLength(5);
});

it.each<[string, string | RegExp, string, string]>([
  ["a key that Compose does not know", "mem_limit:", "memory_limit:", "memory_limit"],
  ["a key in the wrong place", /^ {4}restart: .*$/m, "", "restart"],
  ["a number where there is a list of words", /command:\n( {6}- .*\n)+/, "command: 5\n", "command"],
  ["a time without its unit", "interval: 15s", "interval: 15", "interval"],
  ["a port that is open to the world by default", '"127.0.0.1:8601:8545"', '"8601:8545"', "ports"],
  ["a network that is not declared", "{ qbft: { ipv4", "{ other: { ipv4", "other"],
  ["the same key twice", "    mem_limit: 2g", "    mem_limit: 2g\n    mem_limit: 3g", "unique"],
  ["a project that Compose cannot name", "name: skrumble", "name: Skrumble", "name"],
])("and nothing with %s", (_, what, instead, said) => {
  const spoilt = written.replace(what, instead);
  expect(spoilt).not.toBe(written);
  expect(() => parseCompose(spoilt)).toThrow(said);
});
