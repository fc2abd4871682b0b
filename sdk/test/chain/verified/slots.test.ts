import { readFileSync } from "node:fs";
import { join } from "node:path";
import solc from "solc";
import { expect, test } from "vitest";
import { entryWords, registrySlots, relaySlots, relayWords } from "../../../src/chain/verified/registrySlots.ts";

/** Where the compiler puts what proofs read. */

interface Variable {
  label: string;
  slot: string;
  offset: number;
  type: string;
}
interface Layout {
  storage: Variable[];
  types: Record<string, { value?: string; numberOfBytes: string; members?: Variable[] }>;
}

const root = join(import.meta.dirname, "../../../..");
const read = (path: string) => ({
  content: readFileSync(join(root, path.startsWith("@") ? "node_modules" : "", path), "utf8"),
});

/** Without any code, which takes the compiler a second or two. */
function layoutOf(directory: string, name: string): Layout {
  const path = `contracts/${directory}/${name}.sol`;
  const settings = { evmVersion: "prague", outputSelection: { [path]: { [name]: ["storageLayout"] } } };
  const input = { language: "Solidity", sources: { [path]: read(path) }, settings };
  const imported = (path: string) => ({ contents: read(path).content });
  const compiled = JSON.parse(solc.compile(JSON.stringify(input), { import: imported }));
  return compiled.contracts[path][name].storageLayout;
}

/** Slots by the names of the variables, without the line in front; nonces are public, and called as one is. */
const slotsOf = ({ storage }: Layout) =>
  Object.fromEntries(
    storage.map(({ label, slot }) => [label.replace(/^_/, "").replace(/Nonce$/, "Nonces"), Number(slot)]),
  );
const typeOf = ({ storage, types }: Layout, label: string) =>
  types[storage.find((one) => one.label === label)?.type ?? ""];
const membersOf = (layout: Layout, mapping: string) => {
  const entry = layout.types[typeOf(layout, mapping)?.value ?? ""];
  return { bytes: Number(entry?.numberOfBytes), members: entry?.members ?? [] };
};
const placesOf = (members: readonly Variable[]) =>
  Object.fromEntries(members.map(({ label, slot, offset }) => [label, [Number(slot), 8 * offset]]));

test("the identity registry has its variables where proofs look for them", () => {
  const layout = layoutOf("identity", "IdentityRegistry");
  expect(slotsOf(layout)).toMatchObject(registrySlots);
  const { bytes, members } = membersOf(layout, "_identities");
  expect(bytes).toBe(32 * entryWords);
  expect(placesOf(members)).toEqual({
    ...{
      owner: [0, 0],
      keyVersion: [0, 160],
      registeredAt: [0, 192],
      revoked: [1, 0],
      controller: [1, 8],
      devicesBlock: [1, 168],
    },
    ...{ publicId: [2, 0], agreementKey: [3, 0], deviceRoot: [4, 0], saltName: [5, 0], name: [6, 0] },
  });
});

test("so has the relay registry", () => {
  const layout = layoutOf("network", "RelayRegistry");
  expect(slotsOf(layout)).toMatchObject(relaySlots);
  const { members } = membersOf(layout, "_relays");
  expect(placesOf(members)).toMatchObject({
    ...{ operator: [relayWords.first, 0], unbondingAt: [relayWords.first, 160], roles: [relayWords.first, 224] },
    ...{ signingKey: [relayWords.signingKey, 0], region: [relayWords.region, 0], endpoint: [relayWords.endpoint, 0] },
  });
  // The set of OpenZeppelin: its values come first, as a list.
  const set = typeOf(layout, "_active")?.members?.[0];
  const [values] = layout.types[set?.type ?? ""]?.members ?? [];
  expect([set?.slot, values]).toMatchObject([
    "0",
    { label: "_values", slot: "0", type: "t_array(t_bytes32)dyn_storage" },
  ]);
});
