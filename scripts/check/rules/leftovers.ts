import { isAboutRules, isCode, matches, type Rule } from "../source.ts";

const LEFTOVER =
  /\b(?:TODO|FIXME|XXX)\b|@ts-(?:ignore|nocheck)\b|\bas any\b|\b(?:test|it|describe|suite)\.(?:skip|only|todo|fixme)\b/g;

export const leftovers: Rule = {
  name: "nothing left for later, nothing skipped",
  check: (files) =>
    files
      .filter(({ path }) => (isCode(path) || path.endsWith(".sol")) && !isAboutRules(path))
      .flatMap((file) => matches(file, file.text, LEFTOVER, (match) => `found "${match}"`)),
};
