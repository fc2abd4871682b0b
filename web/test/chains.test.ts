import { expect, test } from "vitest";
import { openFurtherChains } from "../../sdk/src/chain/furtherChains.ts";
import { furtherChains } from "../lib/chains.ts";

test("the chains that come with the page are as the SDK wants them", () => {
  expect(openFurtherChains(furtherChains, 0)).toHaveLength(furtherChains.length);
});
