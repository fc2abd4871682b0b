import { describe, expect, it } from "vitest";
import { RULES } from "../../../scripts/check/architecture.ts";
import { arrows } from "../../../scripts/check/rules/arrows.ts";
import { browserSdk } from "../../../scripts/check/rules/browserSdk.ts";
import { contractRules } from "../../../scripts/check/rules/contracts.ts";
import { fileLength } from "../../../scripts/check/rules/fileLength.ts";
import { leftovers } from "../../../scripts/check/rules/leftovers.ts";
import { privatePlaces } from "../../../scripts/check/rules/privatePlaces.ts";
import { pureCores } from "../../../scripts/check/rules/pureCores.ts";
import { wholeLock } from "../../../scripts/check/rules/wholeLock.ts";
import type { Rule } from "../../../scripts/check/source.ts";

const problems = (rule: Rule, path: string, text: string) => rule.check([{ path, text }]);

/** [file, text] pairs that a rule must refuse, and such that it must let pass. */
const CASES: [Rule, { refuses: [string, string][]; passes: [string, string][] }][] = [
  [
    arrows,
    {
      refuses: [
        ["sdk/src/index.ts", 'import { page } from "../../web/lib/page.ts";'],
        ["sdk/src/index.ts", 'export * from "../../relay/src/server.ts";'],
        ["sdk/src/index.ts", 'const page = await import("../../web/lib/page.ts");'],
        ["sdk/src/protocol/frames.ts", 'import { seal } from "../crypto/seal.ts";'],
        ["relay/src/core/deposits.ts", 'import { Storage } from "../storage/storage.ts";'],
        ["relay/src/core/deposits.ts", 'import { networks } from "@skrumble/sdk/generated";'],
        ["relay/src/server.ts", 'import { createClient } from "@skrumble/sdk";'],
        ["relay/src/server.ts", 'import { frames } from "../../sdk/src/protocol/index.ts";'],
        ["web/lib/client.ts", 'import { core } from "../../relay/src/core/relayCore.ts";'],
        ["web/lib/client.ts", 'import { client } from "../../sdk/src/index.ts";'],
        ["web/lib/client.ts", 'import { client } from "@skrumble/sdk/src/index.ts";'],
        ["web/lib/client.ts", 'import { fake } from "../test/fake.ts";'],
        ["examples/hello/hello.ts", 'import { startNetwork } from "../../scripts/start/startNetwork.ts";'],
        ["sdk/src/index.ts", 'import {\n  one,\n  two,\n} from "../../web/lib/page.ts";'],
      ],
      passes: [
        ["sdk/src/index.ts", 'import { seal } from "./crypto/seal.ts";'],
        ["sdk/src/protocol/frames.ts", 'import { SkrumbleError } from "../errors/base.ts";'],
        ["relay/src/core/deposits.ts", 'import type { Frame } from "@skrumble/sdk/protocol";'],
        ["relay/src/server.ts", 'import { networks } from "@skrumble/sdk/generated";'],
        ["web/lib/client.ts", 'import { createClient } from "@skrumble/sdk";'],
        ["web/lib/client.ts", '// import { core } from "../../relay/src/core/relayCore.ts";'],
        ["sdk/test/client.test.ts", 'import { startNetwork } from "../../test/support/network.ts";'],
      ],
    },
  ],
  [
    pureCores,
    {
      refuses: [
        ["relay/src/core/limits.ts", "const now = Date.now();"],
        ["relay/src/core/limits.ts", "const now = new Date();"],
        ["relay/src/core/limits.ts", "const die = Math.random();"],
        ["relay/src/core/limits.ts", "setTimeout(() => {}, 10);"],
        ["relay/src/core/limits.ts", 'import { readFileSync } from "node:fs";'],
        ["relay/src/core/limits.ts", 'import { randomBytes } from "node:crypto";\nrandomBytes(32);'],
        ["relay/src/core/limits.ts", "const port = process.env.PORT;"],
        ["relay/src/core/limits.ts", 'await fetch("http://localhost");'],
        ["sdk/src/protocol/frames.ts", "performance.now();"],
        ["sdk/src/call/core/step.ts", "crypto.getRandomValues(bytes);"],
      ],
      passes: [
        ["relay/src/core/limits.ts", "const now = clock.now(); // not Date.now()"],
        ["relay/src/core/limits.ts", 'import { createHash } from "node:crypto";'],
        ["relay/src/core/limits.ts", "const at = new Date(now);"],
        ["relay/src/server.ts", "setTimeout(() => {}, Date.now());"],
      ],
    },
  ],
  [
    browserSdk,
    {
      refuses: [["sdk/src/store/memory.ts", 'import { readFileSync } from "node:fs";']],
      passes: [["sdk/src/store/file.ts", 'import { DatabaseSync } from "node:sqlite";']],
    },
  ],
  [
    contractRules,
    {
      refuses: [
        ["contracts/A.sol", "uint256 dice = block.prevrandao;"],
        ["contracts/A.sol", "require(tx.origin == msg.sender);"],
        ["contracts/A.sol", "uint256 dice = block . difficulty;"],
        ["contracts/A.sol", "selfdestruct(payable(owner));"],
      ],
      passes: [["contracts/A.sol", "// never block.prevrandao, never tx.origin\nuint256 a = block.number;"]],
    },
  ],
  [
    fileLength,
    {
      refuses: [
        ["sdk/src/long.ts", "x;\n".repeat(501)],
        ["contracts/Long.sol", "x;\n".repeat(501)],
      ],
      passes: [
        ["sdk/src/long.ts", "x;\n".repeat(500)],
        ["sdk/src/generated/abis.ts", "x;\n".repeat(501)],
      ],
    },
  ],
  [
    leftovers,
    {
      refuses: [
        ["sdk/src/a.ts", "// TODO later"],
        ["sdk/src/a.ts", "const a = b as any;"],
        ["sdk/src/a.ts", "// @ts-ignore"],
        ["sdk/test/a.test.ts", 'it.skip("x", () => {});'],
        ["test/e2e/a.spec.ts", 'test.only("x", () => {});'],
        ["test/e2e/a.spec.ts", 'test.fixme("x", () => {});'],
        ["contracts/A.sol", "// FIXME"],
      ],
      passes: [["sdk/src/a.ts", 'const todo = "as many";']],
    },
  ],
  [
    privatePlaces,
    {
      refuses: [
        ["docs/a.md", "see /home/maria/project/file"],
        ["docs/a.md", "see `/Users/maria/file`"],
        ["sdk/src/a.ts", 'const path = "/root/secret";'],
        ["sdk/src/a.ts", "C:\\Users\\maria"],
        ["package-lock.json", '"resolved": "https://npm.example.internal/a/-/a-1.0.0.tgz"'],
        ["package-lock.json", '"resolved": "git+ssh://git@example.com/a.git"'.replace("git+ssh", "git")],
        [".npmrc", "registry=https://npm.example.internal/"],
        ["sdk/.npmrc", "//npm.example.internal/:_authToken=abc"],
      ],
      passes: [
        ["docs/a.md", "https://example.com/home/maria/x and ./work/x and /v1/work"],
        ["package-lock.json", '"resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz"'],
        [".npmrc", "save-exact=true"],
      ],
    },
  ],
  [
    wholeLock,
    {
      refuses: [
        ["package-lock.json", lock({ "node_modules/a": { optionalDependencies: { "@a/linux-x64": "1.0.0" } } })],
      ],
      passes: [
        [
          "package-lock.json",
          lock({
            "node_modules/a": { optionalDependencies: { "@a/linux-x64": "1.0.0", "@a/darwin-x64": "1.0.0" } },
            "node_modules/a/node_modules/@a/linux-x64": { version: "1.0.0" },
            "node_modules/@a/darwin-x64": { version: "1.0.0" },
          }),
        ],
      ],
    },
  ],
];

function lock(packages: object): string {
  return JSON.stringify({ packages });
}

describe.each(CASES)("$name", (rule, { refuses, passes }) => {
  it.each(refuses)("refuses case %# in %s", (path, text) => {
    const found = problems(rule, path, text);
    expect(found).not.toEqual([]);
    expect(found[0]?.path).toBe(path);
  });

  it.each(passes)("lets pass case %# in %s", (path, text) => {
    expect(problems(rule, path, text)).toEqual([]);
  });
});

it("shows every rule fail", () => {
  expect(CASES.map(([rule]) => rule.name).sort()).toEqual(RULES.map((rule) => rule.name).sort());
});

it("names the line", () => {
  expect(problems(pureCores, "relay/src/core/a.ts", "\n/* a\n b */\nDate.now();\n")[0]?.line).toBe(4);
});
