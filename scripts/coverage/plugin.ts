import type { HardhatPlugin } from "hardhat/types/plugins";

/** Branch coverage for Hardhat, which counts statements only. Without `--coverage` it does nothing. */
const branchCoverage: HardhatPlugin = {
  id: "skrumble:branches",
  hookHandlers: { solidity: () => import("./hooks.ts") },
};

export default branchCoverage;
