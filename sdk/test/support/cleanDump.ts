import { gunzipSync, gzipSync } from "node:zlib";
import { type Address, type Hex, hexToBytes, numberToHex } from "viem";
import { rpc } from "../../../scripts/chain/rpc.ts";
import { writeSnapshot } from "../../../scripts/chain/snapshots.ts";
import { toHex } from "../../src/crypto/bytes.ts";

interface Dump {
  accounts: Record<string, { storage: Record<Hex, Hex> }>;
}

/**
 * The state of a local chain without slots that are 0: anvil has those that were written to 0, or only read, as leaves in its tries, and
 * no other node has. A chain that begins with the snapshot has the roots that others have.
 * @returns words of an account by their slots
 */
export async function cleanDump(rpcUrl: string, address: Address, snapshotFile?: string): Promise<Map<Hex, bigint>> {
  const hex = await rpc<Hex>(rpcUrl, "anvil_dumpState");
  const dump = JSON.parse(gunzipSync(hexToBytes(hex)).toString("utf8")) as Dump;
  for (const account of Object.values(dump.accounts))
    account.storage = Object.fromEntries(Object.entries(account.storage).filter(([, word]) => BigInt(word) !== 0n));
  if (snapshotFile) writeSnapshot(snapshotFile, toHex(gzipSync(JSON.stringify(dump))));
  const { storage } = dump.accounts[address.toLowerCase()] as Dump["accounts"][string];
  const entries = Object.entries(storage) as [Hex, Hex][];
  return new Map(entries.map(([slot, word]) => [numberToHex(BigInt(slot), { size: 32 }), BigInt(word)]));
}
