import type { IdentityRecord } from "../chain/types.ts";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import type { Address, PublicId } from "../types/primitives.ts";
import { awaitRecord } from "./awaitRecord.ts";
import { checkName } from "./checkName.ts";
import type { JoinContext } from "./join.ts";

/** Looks at the record between two at who has the name, and how often that is looked at. */
const looks = 8;
const rounds = 5;

/**
 * What was just registered. That it went through one relay may have said alone, which lies: somebody else was quicker.
 * @throws SkrumbleError NAME_TAKEN, and what {@link awaitRecord} throws
 */
export async function awaitOwn(
  context: Pick<JoinContext, "chain" | "signal">,
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
