import { readIdentity } from "../chain/actions/readIdentity.ts";
import type { Core } from "../client/core.ts";
import type { Address } from "../types/primitives.ts";

/**
 * The wallet that owns one's identity now: after a recovery it is another one than the identity was joined with, and the credit, the
 * tier and what fees are paid from are its. Two operators agree. @throws what {@link readIdentity} throws
 */
export async function ownWallet({ chain, self, signal }: Pick<Core, "chain" | "self" | "signal">): Promise<Address> {
  const { publicId, wallet } = self.identity;
  const record = await readIdentity(chain, { publicId }, { quorum: true, signal });
  return record?.owner ?? wallet;
}
