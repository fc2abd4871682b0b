import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A file under version control, path relative to the root with forward slashes. */
export interface SourceFile {
  path: string;
  text: string;
}

export interface Problem {
  path: string;
  line?: number;
  message: string;
}

/** One rule of the house: what it is called in reports, and what breaks it. Pure, so that tests can show it fail. */
export interface Rule {
  name: string;
  check(files: readonly SourceFile[]): Problem[];
}

const BINARY = /\.(png|jpe?g|webp|avif|gif|ico|woff2?|mp4|webm|wasm|gz|zip|pdf)$/i;

/** Everything git knows or would take in: tracked files and new ones that are not ignored. */
export function readSources(root: string): SourceFile[] {
  const list = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(list.split("\0"))]
    .filter((path) => path !== "" && !BINARY.test(path) && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

export const isCode = (path: string): boolean => /\.(ts|tsx|mts|js|mjs|cjs|jsx)$/.test(path) && !isGenerated(path);
export const isGenerated = (path: string): boolean => path.includes("/generated/") || path.endsWith("next-env.d.ts");
/** The rules and their tests name what they forbid. */
export const isAboutRules = (path: string): boolean =>
  path.startsWith("scripts/check/") || path.startsWith("test/scripts/check/");

/** The text with comments blanked out, line numbers kept; strings stay. Good enough for our own formatted code. */
export function withoutComments(text: string): string {
  return text.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (all, string) => (string === undefined ? all.replace(/[^\n]/g, " ") : all),
  );
}

/** Every match of a pattern as a problem at its line. */
export function matches(
  file: SourceFile,
  text: string,
  pattern: RegExp,
  message: (match: string) => string,
): Problem[] {
  return [...text.matchAll(pattern)].map((match) => ({
    path: file.path,
    line: text.slice(0, match.index).split("\n").length,
    message: message(match[0].trim()),
  }));
}
