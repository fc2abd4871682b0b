import { type Hex, hexToBigInt, hexToNumber, recoverAddress, slice } from "viem";
import type { Address } from "../../types/primitives.ts";
import type { Header } from "./header.ts";
import { unproven } from "./unproven.ts";

/** Seals that make a block final among so many validators. */
export const quorumOf = (validators: number): number => Math.ceil((2 * validators) / 3);

/** Half the order of secp256k1: of a signature's two forms, nodes write the one with the lower s. */
const maxS = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/**
 * Checks that a quorum of the validators that a header lists has sealed it, each once, and nobody else. Whether these are the
 * validators of the chain is another question, see followValidators.
 * @throws SkrumbleError CHAIN_UNPROVEN
 * @see Besu, BftCommitSealsValidationRule
 */
export async function checkSeals({ extra, sealHash }: Header): Promise<void> {
  const { validators, seals } = extra;
  if (validators.length === 0) throw unproven("The block names no validators.");
  if (seals.length < quorumOf(validators.length)) throw unproven("Too few validators sealed the block.");
  const committers = await Promise.all(seals.map((seal) => committerOf(seal, sealHash)));
  if (new Set(committers).size !== committers.length) throw unproven("A validator sealed the block twice.");
  if (!committers.every((one) => validators.includes(one))) throw unproven("Somebody else sealed the block.");
}

async function committerOf(seal: Hex, hash: Hex): Promise<Address> {
  const isCanonical = hexToNumber(slice(seal, 64)) <= 1 && hexToBigInt(slice(seal, 32, 64)) <= maxS;
  if (!isCanonical) throw unproven("A seal is not in its canonical form.");
  try {
    return (await recoverAddress({ hash, signature: seal })).toLowerCase() as Address;
  } catch {
    throw unproven("A seal is no signature.");
  }
}
