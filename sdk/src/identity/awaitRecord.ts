import { readIdentity } from "../chain/actions/readIdentity.ts";
import type { IdentityRecord } from "../chain/types.ts";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import type { Address, PublicId } from "../types/primitives.ts";
import { checkName } from "./checkName.ts";
import type { JoinContext } from "./join.ts";

type Context = Pick<JoinContext, "chain" | "signal">;

const pause = 250;
/** Looks at the record between two at who has the name, and how often that is looked at. */
const looks = 8;
const rounds = 5;

/** Relays may be a block behind the one that had the receipt. @throws SkrumbleError CHAIN_STALLED, and what {@link readIdentity} throws */
export async function awaitRecord(
  { chain, signal }: Context,
  publicId: PublicId,
  accept: (record: IdentityRecord) => boolean = () => true,
  most = looks * rounds,
): Promise<IdentityRecord> {
  for (let tries = 0; tries < most; tries++) {
    const record = await readIdentity(chain, { publicId }, { quorum: true, signal });
    if (record && accept(record)) return record;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new SkrumbleError("CHAIN_STALLED");
}

/**
 * What was just registered. That it went through one relay may have said alone, which lies: somebody else was quicker.
 * @throws SkrumbleError NAME_TAKEN, and what {@link awaitRecord} throws
 */
export async function awaitOwn(
  context: Context,
  { name, publicId, owner }: { name: string; publicId: PublicId; owner: Address },
): Promise<IdentityRecord> {
  for (let round = 1; ; round++) {
    try {
      return await awaitRecord(context, publicId, undefined, looks);
    } catch (error) {
      if (codeOf(error) !== "CHAIN_STALLED") throw error;
      const { kind } = await checkName(context.chain, name, owner, context.signal);
      if (kind === "taken") throw new SkrumbleError("NAME_TAKEN");
      if (round === rounds) throw error;
    }
  }
}
