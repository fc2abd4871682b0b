import { createRequire } from "node:module";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";
import branchCoverage from "./scripts/coverage/plugin.ts";

const require = createRequire(import.meta.url);

/** Set by `npm run coverage`: instrumented code is larger and dearer than any limit, and kept apart from the real one. */
const covering = process.env.SKRUMBLE_COVERAGE === "1";

/** The compiler comes with `npm install`, so nothing is downloaded when the contracts are built. */
const compiler = {
  version: "0.8.37",
  path: require.resolve("solc/soljson.js"),
  settings: {
    // Measuring needs no good code, but it soon.
    optimizer: covering
      ? { enabled: true, details: { yul: true, yulDetails: { optimizerSteps: "u:" } } }
      : { enabled: true, runs: 10_000 },
    // Needed: encoding the registry's structs overflows the stack of the older code generator.
    viaIR: true,
    // Nothing newer than Prague is needed; the same bytecode runs on Prague and Osaka chains.
    evmVersion: "prague",
    metadata: { bytecodeHash: "none" },
  },
};

/** EIP-7825: the most gas one transaction may ask for under Osaka rules. */
const TRANSACTION_GAS_CAP = 16_777_216n;

/** Far from full, so that the base fee stays 0. */
const blockGasLimit = covering ? 10_000_000_000 : 60_000_000;

/** How often and how long the contracts are driven at random; a long run sets more. */
const runs = Number(process.env.SKRUMBLE_INVARIANT_RUNS ?? 256);
const depth = Number(process.env.SKRUMBLE_INVARIANT_DEPTH ?? 100);

export default defineConfig({
  plugins: [toolbox, branchCoverage],
  solidity: {
    compilers: [compiler],
    // The governor is OpenZeppelin's as it is; compiled here so that `npm run deploy` can send it.
    npmFilesToBuild: ["@openzeppelin/contracts/governance/TimelockController.sol"],
    splitTestsCompilation: covering,
  },
  paths: {
    sources: "contracts",
    tests: { mocha: "test/contracts", solidity: "test/contracts" },
    ...(covering ? { artifacts: "coverage/artifacts", cache: "coverage/cache" } : {}),
  },
  coverage: { skipFiles: ["contracts/mocks/**"] },
  typechain: { dontOverrideCompile: true },
  networks: {
    // In-process chain of the tests: 1 block per transaction, no fees, Osaka rules, sizes and gas enforced.
    default: {
      type: "edr-simulated",
      chainType: "l1",
      chainId: 31337,
      hardfork: "osaka",
      initialBaseFeePerGas: 0,
      gasPrice: 0,
      blockGasLimit,
    },
    // The local network started by `npm start` or `npm run chain`.
    local: {
      type: "http",
      chainType: "l1",
      chainId: 7586,
      url: process.env.SKRUMBLE_RPC_URL ?? "http://127.0.0.1:8545",
      gasPrice: 0,
    },
  },
  test: {
    mocha: { timeout: 60_000 },
    solidity: {
      fuzz: { runs: 256, seed: "0x536b72756d626c65" },
      invariant: { runs, depth, failOnRevert: true },
      ...(covering ? {} : { transactionGasCap: TRANSACTION_GAS_CAP }),
    },
  },
});
