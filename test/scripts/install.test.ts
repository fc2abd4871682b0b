import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { completeLock, missingEntries, platformOf } from "../../scripts/install/completeLock.mjs";
import { missingPackages } from "../../scripts/install/ensure.mjs";
import { run } from "../../scripts/lib/child.ts";
import { root } from "../../scripts/lib/paths.ts";
import { tempDir } from "./support/temp.ts";

const door = join(root, "scripts", "run.mjs");

/** run.mjs as another version of Node would see it. */
const asNode = (version: string, ...args: string[]) => {
  const pretend = `Object.defineProperty(process.versions, "node", { value: "${version}" })`;
  return run(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`, door, ...args]);
};

interface Entry {
  version?: string;
  optional?: boolean;
  link?: boolean;
}

function checkout(wanted: Record<string, Entry>, present?: Record<string, Entry>): string {
  const folder = tempDir();
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: { "": {}, ...wanted } }));
  if (present) {
    mkdirSync(join(folder, "node_modules"));
    writeFileSync(join(folder, "node_modules", ".package-lock.json"), JSON.stringify({ packages: present }));
  }
  return folder;
}

it("explains a Node that is too old", async () => {
  for (const version of ["18.20.0", "20.18.3"]) {
    const { code, text } = await asNode(version, "start");
    expect(code).toBe(1);
    expect(text).toContain("needs Node 20.19 or newer");
    expect(text).toContain("https://nodejs.org");
  }
});

it("names the verbs when it is given none it knows", async () => {
  for (const args of [[], ["fly"], ["../start"], ["lib"]]) {
    const { code, text } = await asNode("20.19.0", ...args);
    expect(code).toBe(1);
    expect(text).toMatch(/Usage: npm run <.*start.*test.*>/);
  }
});

it("finds packages missing when nothing is installed", () => {
  expect(missingPackages(checkout({ "node_modules/a": { version: "1.0.0" } }))).toEqual(["node_modules/a"]);
});

it("finds packages that are missing or of another version, and leaves other platforms' alone", () => {
  const wanted = {
    "node_modules/a": { version: "1.0.0" },
    "node_modules/b": { version: "1.0.0" },
    "node_modules/c": { version: "1.0.0" },
    "node_modules/elsewhere": { version: "1.0.0", optional: true },
    "node_modules/@skrumble/sdk": { link: true },
    sdk: { version: "0.1.0" },
  };
  const present = {
    "node_modules/a": { version: "1.0.0" },
    "node_modules/b": { version: "0.9.0" },
    "node_modules/@skrumble/sdk": { link: true },
  };
  expect(missingPackages(checkout(wanted, present))).toEqual(["node_modules/b", "node_modules/c"]);
});

it("finds nothing missing here", () => {
  expect(missingPackages(root)).toEqual([]);
});

it("completes a lockfile with the packages of platforms that the registry left out", () => {
  const lock = {
    packages: {
      "node_modules/a": { version: "2.0.0", dev: true, optionalDependencies: { "@a/linux-x64-musl": "2.0.0" } },
      "node_modules/b": { version: "3.0.0", optionalDependencies: { "b-win32-arm64-msvc": "3.0.0" } },
    },
  };
  const whole = completeLock(lock);
  expect(missingEntries(whole)).toEqual([]);
  expect(whole.packages?.["node_modules/@a/linux-x64-musl"]).toEqual({
    version: "2.0.0",
    os: ["linux"],
    cpu: ["x64"],
    libc: ["musl"],
    dev: true,
    optional: true,
  });
  expect(whole.packages?.["node_modules/b-win32-arm64-msvc"]).toEqual({
    version: "3.0.0",
    os: ["win32"],
    cpu: ["arm64"],
    optional: true,
  });
  expect(platformOf("@x/binding-linux-arm-gnueabihf")).toEqual({ os: "linux", cpu: "arm", libc: "glibc" });
});
