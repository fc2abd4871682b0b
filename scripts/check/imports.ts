import { posix } from "node:path";
import { type SourceFile, withoutComments } from "./source.ts";

export interface Import {
  line: number;
  specifier: string;
  /** Path from the root for a relative import, else undefined. */
  target: string | undefined;
}

const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s+(?:type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?["']([^"']+)["']|\bimport\s*\(\s*["']([^"']+)["']/g;

/** All static and dynamic imports and re-exports of a file. */
export function importsOf(file: SourceFile): Import[] {
  const text = withoutComments(file.text);
  return [...text.matchAll(IMPORT)].map((match) => {
    const specifier = (match[1] ?? match[2]) as string;
    const target = specifier.startsWith(".") ? posix.join(posix.dirname(file.path), specifier) : undefined;
    return { line: text.slice(0, match.index).split("\n").length, specifier, target };
  });
}
