import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkShell } from "./shellcheck.ts";
import { tempDir } from "./temp.ts";

function script(text: string): string {
  const path = join(tempDir(), "script.sh");
  writeFileSync(path, `#!/usr/bin/env bash\n${text}\n`);
  return path;
}

it("finds what is wrong with a script, by bash and by shellcheck", () => {
  expect(() => checkShell(script('echo "$1"'))).not.toThrow();
  expect(() => checkShell(script("if"))).toThrow();
  expect(() => checkShell(script("rm $1"))).toThrow("SC2086");
});

it("says what to install where there is no shellcheck, instead of passing", () => {
  expect(() => checkShell(script('echo "$1"'), { PATH: tempDir() })).toThrow("Debian, Ubuntu: apt install shellcheck");
});
