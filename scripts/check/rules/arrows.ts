import { type Import, importsOf } from "../imports.ts";
import { isCode, type Problem, type Rule, type SourceFile } from "../source.ts";

/** A room of architecture: who lives there and what its code may import from the project. Packages of others are free. */
interface Room {
  folder: string;
  /** Folders reachable by relative path. Its own is always allowed. */
  folders?: readonly string[];
  /** Entries of our own packages. */
  packages?: readonly string[];
}

/** Narrow rooms before the wide ones that hold them; the first that fits counts. */
const ROOMS: readonly Room[] = [
  { folder: "sdk/src/protocol/", folders: ["sdk/src/errors/", "sdk/src/types/"] },
  { folder: "sdk/src/" },
  { folder: "relay/src/core/", packages: ["@skrumble/sdk/protocol"] },
  { folder: "relay/src/", packages: ["@skrumble/sdk/protocol", "@skrumble/sdk/generated", "@skrumble/sdk/shards"] },
  { folder: "web/", packages: ["@skrumble/sdk", "@skrumble/sdk/*"] },
  { folder: "examples/", packages: ["@skrumble/sdk", "@skrumble/sdk/*"] },
  { folder: "contracts/" },
];

/** Tests and tools may look everywhere; nothing may look into them. */
const FREE = ["test/", "scripts/", "bench/", "sdk/test/", "relay/test/", "web/test/"];
const isTest = (path: string): boolean => /(^|\/)test\//.test(path);

export const arrows: Rule = {
  name: "arrows between rooms",
  check: (files) => files.filter((file) => isCode(file.path)).flatMap(checkFile),
};

function checkFile(file: SourceFile): Problem[] {
  if (FREE.some((folder) => file.path.startsWith(folder)) || isTest(file.path)) return [];
  const room = ROOMS.find(({ folder }) => file.path.startsWith(folder));
  if (!room) return [];
  return importsOf(file)
    .filter((found) => !allowed(room, found))
    .map(({ line, specifier }) => ({
      path: file.path,
      line,
      message: `${room.folder} must not import ${specifier}`,
    }));
}

function allowed(room: Room, { specifier, target }: Import): boolean {
  if (target !== undefined) {
    return [room.folder, ...(room.folders ?? [])].some((folder) => target.startsWith(folder)) && !isTest(target);
  }
  if (!specifier.startsWith("@skrumble/")) return true;
  return (room.packages ?? []).some((name) =>
    name.endsWith("/*") ? specifier.startsWith(name.slice(0, -1)) && !specifier.includes("/src/") : specifier === name,
  );
}
