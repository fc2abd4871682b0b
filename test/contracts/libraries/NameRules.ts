import { expect } from "chai";
import fc from "fast-check";
import { ethers, loadFixture } from "../support/chain.ts";
import { deployIdentities } from "../support/deploy.ts";

/** The rules again, in terms of a strict decoder instead of byte ranges. */
function isAllowed(bytes: Uint8Array): boolean {
  if (bytes.length < 3 || bytes.length > 64) return false;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    return !/[\u0000-\u0020\u007f-\u009fA-Z.]/.test(text);
  } catch {
    return false;
  }
}

/** Text near the edges of UTF-8 and of the rules, cut and spoiled at random. */
const anyBytes = fc.oneof(
  fc.uint8Array({ minLength: 0, maxLength: 70 }),
  fc.string({ unit: "binary", maxLength: 40 }).map((text) => new TextEncoder().encode(text)),
  fc.string({ unit: "grapheme", maxLength: 30 }).map((text) => ethers.toUtf8Bytes(text)),
  fc
    .tuple(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), fc.nat(), fc.integer({ min: 0, max: 255 }))
    .map(([text, at, byte]) => {
      const bytes = ethers.toUtf8Bytes(text);
      bytes[at % bytes.length] = byte;
      return bytes;
    }),
  fc
    .array(
      fc.constantFrom(0x61, 0x2e, 0x41, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4),
      {
        minLength: 3,
        maxLength: 8,
      },
    )
    .map((bytes) => Uint8Array.from(bytes)),
);

describe("NameRules", () => {
  it("allow exactly what a strict UTF-8 decoder and the list of forbidden characters allow", async () => {
    const { registry } = await loadFixture(deployIdentities);
    const to = await registry.getAddress();
    const selector = registry.interface.getFunction("isAvailable")?.selector as string;
    let allowed = 0;
    await fc.assert(
      fc.asyncProperty(anyBytes, async (bytes) => {
        const body = ethers.AbiCoder.defaultAbiCoder().encode(["bytes"], [bytes]);
        const accepted = await ethers.provider.call({ to, data: selector + body.slice(2) }).then(
          () => true,
          () => false,
        );
        if (accepted) allowed++;
        expect(accepted, ethers.hexlify(bytes)).to.equal(isAllowed(bytes));
      }),
      { numRuns: 3_000, seed: 20_261_122 },
    );
    // Both answers must have been asked for often enough to mean something.
    expect(allowed).to.be.greaterThan(300).and.lessThan(2_700);
  });
});
