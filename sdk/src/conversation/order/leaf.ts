import { type Bytes, concat, equalBytes, toHexString, u32, utf8 } from "../../crypto/bytes.ts";
import { hmacSha256, sha256 } from "../../crypto/hash.ts";
import { exportSecret, type MlsGroup } from "../../crypto/mls/state.ts";
import { paddedLength } from "../../crypto/padding.ts";

/**
 * Where a commit stands in line. Everything here comes from the exporter of the epoch that the commit ends (RFC 9420,
 * 8.5), so nobody but its members can make or recognise an entry: not those who were removed before, not the relays.
 * Every relay sees another tag and cannot take the place at the others.
 */
export interface OrderKeys {
  /** Tag in the log of a relay, or on the chain. */
  tag(place: Place): Bytes;
  /** tag 32 ‖ SHA-256 of the commit 32 ‖ mac 32. */
  leaf(place: Place, commit: Uint8Array): Bytes;
  /** The commit that a leaf stands for, when it is one that members made for this place. */
  commitmentOf(place: Place, leaf: Uint8Array): Bytes | undefined;
  /** Closes a commit for a log, a padding class long; always the same bytes. @throws SkrumbleError MESSAGE_TOO_LONG */
  close(place: Place, commit: Uint8Array): Promise<Bytes>;
  /** Undefined for what no member closed for this place. */
  open(place: Place, body: Uint8Array): Promise<Bytes | undefined>;
}

/** A relay by its number, or the chain. */
export type Place = number | "chain";

export const commitHash = (commit: Uint8Array): Bytes => sha256(utf8("skrumble commit v1"), commit);

/** A commit by its hash, in hex. */
export const nameOf = (commit: Uint8Array): string => toHexString(commitHash(commit));

export async function orderKeys(group: MlsGroup): Promise<OrderKeys> {
  const secret = await exportSecret(group, "skrumble order", new Uint8Array(0), 32);
  const derive = (label: string, place: Place) =>
    hmacSha256(secret, concat(utf8(`skrumble order ${label} `), place === "chain" ? utf8("chain") : u32(place)));
  const tag = (place: Place) => derive("tag", place);
  const bodyKey = (place: Place) =>
    crypto.subtle.importKey("raw", derive("body", place), "AES-GCM", false, ["encrypt", "decrypt"]);
  return {
    tag,
    leaf(place, commit) {
      const head = concat(tag(place), commitHash(commit));
      return concat(head, hmacSha256(derive("mac", place), head));
    },
    commitmentOf(place, leaf) {
      if (leaf.length !== 96 || !equalBytes(leaf.subarray(0, 32), tag(place))) return undefined;
      const mac = hmacSha256(derive("mac", place), leaf.subarray(0, 64));
      return equalBytes(mac, leaf.subarray(64)) ? leaf.slice(32, 64) : undefined;
    },
    async close(place, commit) {
      // iv 12 ‖ AES-256-GCM(length 4 ‖ commit ‖ zeros) with its tag of 16. The IV follows from the commit: one key and
      // IV never serve two plaintexts, and the same commit looks the same when it is put in line again.
      const plain = new Uint8Array(paddedLength(commit.length + 4 + 28) - 28);
      plain.set(u32(commit.length));
      plain.set(commit, 4);
      const iv = hmacSha256(derive("iv", place), commitHash(commit)).slice(0, 12);
      const key = await bodyKey(place);
      return concat(iv, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain)));
    },
    async open(place, body) {
      try {
        const algorithm = { name: "AES-GCM", iv: body.slice(0, 12) };
        const plain = new Uint8Array(await crypto.subtle.decrypt(algorithm, await bodyKey(place), body.slice(12)));
        const length = new DataView(plain.buffer).getUint32(0);
        return length <= plain.length - 4 ? plain.slice(4, 4 + length) : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
