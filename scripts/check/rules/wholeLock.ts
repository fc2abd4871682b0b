import { type Lock, missingEntries } from "../../install/completeLock.mjs";
import type { Rule } from "../source.ts";

/** A registry without the packages of other platforms makes npm write a lockfile that `npm ci` refuses. */
export const wholeLock: Rule = {
  name: "a lockfile for every platform",
  check: (files) =>
    files
      .filter(({ path }) => path === "package-lock.json")
      .flatMap(({ path, text }) =>
        missingEntries(JSON.parse(text) as Lock).map(({ name, version }) => ({
          path,
          message: `lacks ${name}@${version}: node scripts/install/completeLock.mjs`,
        })),
      ),
};
