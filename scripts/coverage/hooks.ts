import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { SolidityHooks } from "hardhat/types/hooks";
import { writeJson } from "../lib/files.ts";
import { conditionsOf } from "./conditions.ts";
import { BRANCHES } from "./folders.ts";
import { instrument, PROBE_FILE, probeSource } from "./instrument.ts";

/** What is deployed, in the sense of this measurement: not what only tests use. */
const isMeasured = (path: string): boolean => path.startsWith("contracts/") && !path.startsWith("contracts/mocks/");

/** Makes Hardhat's `--coverage` report the outcomes of conditions as well, and notes down which there are. */
export default async (): Promise<Partial<SolidityHooks>> => ({
  preprocessProjectFileBeforeBuilding: async (context, source, fsPath, content, version, next) => {
    const text = await next(context, source, fsPath, content, version);
    const path = relative(context.config.paths.root, fsPath).replaceAll(sep, "/");
    if (!context.globalOptions.coverage || !isMeasured(path)) return text;
    // Hardhat has put its own calls into the text by now; the places to show are those of the file.
    const conditions = conditionsOf(readFileSync(fsPath, "utf8"));
    writeJson(join(BRANCHES, `${path.replaceAll("/", "--")}.json`), { path, conditions });
    return instrument(path, text);
  },
  preprocessSolcInputBeforeBuilding: async (context, given, next) => {
    const input = await next(context, given);
    if (!context.globalOptions.coverage) return input;
    const library = Object.entries(input.sources).find(([, { content }]) =>
      content.includes("library __NomicFoundationCoverage"),
    );
    if (!library) throw new Error("Hardhat's coverage library is not among the sources");
    input.sources[PROBE_FILE] = { content: probeSource(library[0]) };
    return input;
  },
});
