import { importsOf } from "../imports.ts";
import { isCode, matches, type Problem, type Rule, type SourceFile, withoutComments } from "../source.ts";

/** Rooms where messages go in and events come out; clock, sockets, chain and storage are injected. */
export const CORES = ["relay/src/core/", "sdk/src/protocol/", "sdk/src/call/core/"];

/** Hashing is computation; everything else of Node touches the world. */
const PURE_BUILTINS = new Set(["node:crypto"]);
const IMPURE =
  /\b(?:Date\.now|Math\.random|performance\.now|process\.\w+|new Date\(\s*\)|set(?:Timeout|Interval|Immediate)\s*\(|fetch\s*\(|new (?:WebSocket|Worker|XMLHttpRequest)\b|getRandomValues|randomBytes|randomUUID|localStorage|indexedDB)/g;

export const pureCores: Rule = {
  name: "cores without clock, chance and I/O",
  check: (files) =>
    files.filter(({ path }) => isCode(path) && CORES.some((core) => path.startsWith(core))).flatMap(checkFile),
};

function checkFile(file: SourceFile): Problem[] {
  const text = withoutComments(file.text);
  const io = importsOf(file)
    .filter(({ specifier }) => specifier.startsWith("node:") && !PURE_BUILTINS.has(specifier))
    .map(({ line, specifier }) => ({ path: file.path, line, message: `a core must not import ${specifier}` }));
  return [...io, ...matches(file, text, IMPURE, (match) => `a core must be given this: ${match}`)];
}
