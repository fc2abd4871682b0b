import { isAboutRules, matches, type Problem, type Rule, type SourceFile } from "../source.ts";

/** Folders that exist on one machine only. A word before the slash makes it part of a URL or of a longer path. */
const MACHINE_PATH =
  /(?<![\w.)\]}>*:-])(?:\/(?:work|root|home\/[a-z][\w-]*|Users\/[A-Za-z][\w.-]*)\/[\w.-]+|[A-Z]:\\Users\\\w+)/g;
const REGISTRY = "https://registry.npmjs.org/";

export const privatePlaces: Rule = {
  name: "no private registry and no machine's paths",
  check: (files) => files.filter(({ path }) => !isAboutRules(path)).flatMap(checkFile),
};

function checkFile(file: SourceFile): Problem[] {
  const paths = matches(file, file.text, MACHINE_PATH, (match) => `path of one machine: ${match}`);
  if (/(^|\/)package-lock\.json$/.test(file.path)) {
    const resolved = matches(file, file.text, /"resolved": "(?:git|https?):[^"]*"/g, (match) => match);
    const foreign = resolved.filter(({ message }) => !message.includes(`"${REGISTRY}`));
    return [
      ...paths,
      ...foreign.map((problem) => ({ ...problem, message: `not from the public registry: ${problem.message}` })),
    ];
  }
  if (/(^|\/)\.npmrc$/.test(file.path)) {
    return [
      ...paths,
      ...matches(
        file,
        file.text,
        /^.*(?:registry\s*=|_auth).*$/gm,
        () => "registries and credentials belong to the machine",
      ),
    ];
  }
  return paths;
}
