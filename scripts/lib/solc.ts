import { createRequire } from "node:module";

export interface SolcMessage {
  severity: "error" | "warning" | "info";
  errorCode?: string;
  message: string;
  formattedMessage?: string;
}

export interface SolcInput {
  language: "Solidity";
  sources: Record<string, { content: string }>;
  settings: Record<string, unknown>;
}

export interface SolcOutput {
  errors?: SolcMessage[];
  sources?: Record<string, { ast?: unknown }>;
}

type Found = { contents: string } | { error: string };
interface Compiler {
  compile(input: string, callbacks?: { import(path: string): Found }): string;
}

let compiler: Compiler | undefined;

/** The compiler the contracts are built with, in this process: `input` and answer are those of its standard JSON. */
export function solc(input: SolcInput, find?: (path: string) => string | undefined): SolcOutput {
  const require = createRequire(import.meta.url);
  compiler ??= (require("solc/wrapper.js") as (soljson: unknown) => Compiler)(require("solc/soljson.js"));
  const load = (path: string): Found => {
    const contents = find?.(path);
    return contents === undefined ? { error: `${path} was not found` } : { contents };
  };
  return JSON.parse(compiler.compile(JSON.stringify(input), { import: load })) as SolcOutput;
}
