import { importsOf } from "../imports.ts";
import { isCode, type Rule } from "../source.ts";

/** The SDK runs in browsers; what only Node has stays behind entries that browsers never load. */
const NODE_ONLY = ["sdk/src/node.ts", "sdk/src/node/", "sdk/src/store/file.ts", "sdk/src/testing/"];

export const browserSdk: Rule = {
  name: "an SDK that browsers can load",
  check: (files) =>
    files
      .filter(
        ({ path }) => isCode(path) && path.startsWith("sdk/src/") && !NODE_ONLY.some((only) => path.startsWith(only)),
      )
      .flatMap((file) =>
        importsOf(file)
          .filter(({ specifier }) => specifier.startsWith("node:"))
          .map(({ line, specifier }) => ({ path: file.path, line, message: `browsers have no ${specifier}` })),
      ),
};
