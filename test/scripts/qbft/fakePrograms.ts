import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A fake of Besu: says so, listens where the flags want it, and gives its chain a block at every question; of its chain it
 * knows the number and the first block. It stands in for the real one to show that `npm run chain` starts, finds, restarts
 * and stops processes.
 */
const BESU = `#!${process.execPath}
const { createServer } = require("node:http");
console.log("This is a fake of Besu: " + process.argv.slice(2).join(" "));
console.log("BESU_OPTS " + process.env.BESU_OPTS);
const port = Number(process.argv.find((flag) => flag.startsWith("--rpc-http-port=")).split("=")[1]);
let head = 0;
const genesis = { number: "0x0", hash: "0x" + "aa".repeat(32), timestamp: "0x0" };
createServer(async (request, response) => {
  head += 1;
  let body = "";
  for await (const chunk of request) body += chunk;
  const { method, params } = JSON.parse(body);
  const isFirst = method === "eth_getBlockByNumber" && params[0] === "0x0";
  const result = isFirst ? genesis : method === "eth_chainId" ? "0x1da3" : "0x" + head.toString(16);
  response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result }));
}).listen(port, "127.0.0.1");
`;

/** A fake of the java program that only tells a version, in the time a real one takes. */
const java = (version: string): string => `#!/bin/sh\nsleep 0.7\necho 'openjdk version "${version}" 2026-04-21' >&2\n`;

/** A fake of docker that writes down what it was asked and ends with the code in FAKE_DOCKER_CODE. */
const DOCKER = `#!/bin/sh\necho "$*" >>"$FAKE_DOCKER_LOG"\necho "fake docker: $*"\nexit "\${FAKE_DOCKER_CODE:-0}"\n`;

function program(path: string, text: string): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** Puts the fakes into a folder; returns the environment that leads to them. */
export function fakePrograms(folder: string, javaVersion = "25.0.1") {
  program(join(folder, "besu", "bin", "besu"), BESU);
  program(join(folder, "jdk", "bin", "java"), java(javaVersion));
  program(join(folder, "bin", "docker"), DOCKER);
  return {
    BESU_HOME: join(folder, "besu"),
    JAVA_HOME: join(folder, "jdk"),
    FAKE_DOCKER_LOG: join(folder, "docker.log"),
    PATH: `${join(folder, "bin")}:${process.env.PATH}`,
  };
}
