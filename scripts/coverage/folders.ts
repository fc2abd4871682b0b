import { join } from "node:path";
import { root } from "../lib/paths.ts";

/** Where Hardhat puts what it measured. */
const COVERAGE = join(root, "coverage");
/** What each test run saw: one folder a run, files of tag -> count. */
export const SEEN = join(COVERAGE, "data");
/** The conditions of each contract, one file each. */
export const BRANCHES = join(COVERAGE, "branches");
