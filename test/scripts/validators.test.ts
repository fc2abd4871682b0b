import { expect, it } from "vitest";
import { nameValidators } from "../../scripts/deploy/validators.ts";
import { silent } from "../../scripts/lib/say.ts";
import { emptyBlock, sealBlock, validators } from "../../sdk/test/support/sealedBlocks.ts";
import { addressesOf } from "../../sdk/test/support/sealedChain.ts";

const showing = (block: unknown) => ({ request: async () => block }) as unknown as Parameters<typeof nameValidators>[0];
const four = validators(4);

it("names who seals the blocks of a QBFT chain, and at which block", async () => {
  const block = await sealBlock(emptyBlock(77), { set: four });
  const named = await nameValidators(showing(block), {}, silent);
  expect(named).toEqual({ validators: addressesOf(four), validatorsAt: { number: 77, hash: block.hash } });
});

it("changes nothing while they are the same, and renews them when they are not", async () => {
  const block = await sealBlock(emptyBlock(78), { set: four });
  const shouted = addressesOf(four).map((one) => `0x${one.slice(2).toUpperCase()}` as const);
  expect(await nameValidators(showing(block), { validators: shouted.toReversed() }, silent)).toBeUndefined();
  const known = { validators: addressesOf(validators(4, 50)) };
  expect(await nameValidators(showing(block), known, silent)).toMatchObject({ validators: addressesOf(four) });
});

it("names nobody where blocks have no seals, a contract names the validators, or the seals are not theirs", async () => {
  const warnings: string[] = [];
  const say = { ...silent, warn: (text: string) => void warnings.push(text) };
  for (const extraData of ["0x", "0x676574682f76312e302e30", "0x05"])
    expect(await nameValidators(showing({ ...emptyBlock(5), extraData }), {}, say)).toBeUndefined();
  const fromContract = await sealBlock(emptyBlock(5), { set: [] });
  expect(await nameValidators(showing(fromContract), {}, say)).toBeUndefined();
  expect(warnings).toEqual([]);
  const foreign = await sealBlock(emptyBlock(5), { set: four, by: validators(3, 50) });
  expect(await nameValidators(showing(foreign), {}, say)).toBeUndefined();
  expect(warnings).toHaveLength(1);
});

it("says when there are too few to prove anything by", async () => {
  const warnings: string[] = [];
  const say = { ...silent, warn: (text: string) => void warnings.push(text) };
  const block = await sealBlock(emptyBlock(5), { set: four.slice(1) });
  expect((await nameValidators(showing(block), {}, say))?.validators).toHaveLength(3);
  expect(warnings[0]).toContain("fewer than 4");
});
