import { createHash } from "node:crypto";
import { conditionsOf } from "./conditions.ts";

/** Source name of the library that instrumented files call. */
export const PROBE_FILE = "__branches.sol";

/** What an instrumented condition calls; `reporter` is the file of Hardhat's own coverage library. */
export const probeSource = (reporter: string): string => `// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.0;
import {__NomicFoundationCoverage} from "${reporter}";
library __Branches {
  function seen(uint256 id, bool outcome) internal pure returns (bool) {
    __NomicFoundationCoverage.sendHit(outcome ? id + 1 : id);
    return outcome;
  }
}
`;

/** What the coverage library reports when condition number `index` of the file had that outcome: 32 bytes in hex. */
export function tagOf(path: string, index: number, outcome: boolean): string {
  return (idOf(path, index) + (outcome ? 1n : 0n)).toString(16).padStart(64, "0");
}

function idOf(path: string, index: number): bigint {
  return BigInt(`0x${createHash("sha256").update(`${path}#${index}`).digest("hex").slice(0, 14)}`) << 1n;
}

/** Wraps every condition of a file into a call that reports its outcome. No line moves. */
export function instrument(path: string, text: string): string {
  const edits: { at: number; opens: boolean; size: number; text: string }[] = [];
  for (const [index, { start, end }] of conditionsOf(text).entries()) {
    edits.push({ at: start, opens: true, size: end - start, text: `__Branches.seen(${idOf(path, index)}, ` });
    edits.push({ at: end, opens: false, size: end - start, text: ")" });
  }
  // At one place: what closes before what opens, outer ones open first and close last.
  edits.sort((a, b) => {
    if (a.at !== b.at) return a.at - b.at;
    if (a.opens !== b.opens) return a.opens ? 1 : -1;
    return a.opens ? b.size - a.size : a.size - b.size;
  });
  const bytes = Buffer.from(text);
  const parts: (Buffer | string)[] = [];
  let done = 0;
  for (const edit of edits) {
    parts.push(bytes.subarray(done, edit.at), edit.text);
    done = edit.at;
  }
  parts.push(bytes.subarray(done));
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part))).toString();
  return edits.length === 0 ? text : `${body}\nimport {__Branches} from "${PROBE_FILE}";\n`;
}
