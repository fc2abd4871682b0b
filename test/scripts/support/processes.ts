import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

export interface Process {
  pid: number;
  parent: number;
  command: string;
}

/** What runs on this machine; slim systems have no `ps`, Linux always has /proc. */
export function processes(): Process[] {
  if (existsSync("/proc/self/stat"))
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap(fromProc);
  return execFileSync("ps", ["-eo", "pid=,ppid=,command="], { encoding: "utf8" })
    .split("\n")
    .flatMap((line) => {
      const [, pid, parent, command] = line.match(/^\s*(\d+)\s+(\d+)\s+(.*)$/) ?? [];
      return pid ? [{ pid: Number(pid), parent: Number(parent), command: command ?? "" }] : [];
    });
}

function fromProc(name: string): Process[] {
  try {
    // The program's name, in parentheses, may hold spaces: the parent's id is the second word after it.
    const parent = Number(
      readFileSync(`/proc/${name}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ")[1],
    );
    const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
    return [{ pid: Number(name), parent, command }];
  } catch {
    // It ended meanwhile.
    return [];
  }
}
