import { fromRlp, type Hex, hexToNumber, isHex, numberToHex, size, toRlp } from "viem";
import type { Address } from "../../types/primitives.ts";
import { unproven } from "./unproven.ts";

/** What a QBFT chain keeps in the extraData of a header: RLP of [vanity, validators, vote, round, seals]. */
export interface ExtraData {
  vanity: Hex;
  /** Who seals this very block: lower case, ascending, none twice. */
  validators: readonly Address[];
  /** Nothing, or whom the proposer wants in (0xff) or out (empty). */
  vote: readonly Hex[];
  round: number;
  /** Commit seals: r, s and the recovery bit, 65 bytes each. */
  seals: readonly Hex[];
}

/** More than any network has; each costs a recovery. */
const maxValidators = 128;

/**
 * Only the canonical encoding is taken: what is hashed is encoded anew, and must be what was signed.
 * @throws SkrumbleError CHAIN_UNPROVEN
 * @see Besu, QbftExtraDataCodec
 */
export function decodeExtraData(bytes: Hex): ExtraData {
  const decoded = read(bytes);
  if (encodeExtraData(decoded) !== bytes) throw unproven("extraData is not in its canonical form");
  return decoded;
}

/** What validators sign has no seals; the block hash has no round either, since a block may be sealed in any. */
export const encodeExtraData = ({ vanity, validators, vote, round, seals }: ExtraData): Hex =>
  toRlp([vanity, validators, vote, round === 0 ? "0x" : numberToHex(round, { size: bytesOf(round) }), seals]);

const bytesOf = (round: number): number => Math.ceil(round.toString(16).length / 2);

function read(bytes: Hex): ExtraData {
  const [vanity, validators, vote, round, seals, ...more] = list(rlp(bytes));
  if (more.length > 0 || !isBytes(vanity, 32)) throw unproven("extraData has other fields");
  if (!isBytes(round) || size(round) > 4) throw unproven("extraData has no round");
  return {
    vanity,
    validators: validatorsOf(list(validators)),
    vote: voteOf(list(vote)),
    round: round === "0x" ? 0 : hexToNumber(round),
    seals: sealsOf(list(seals)),
  };
}

function validatorsOf(found: readonly unknown[]): Address[] {
  if (found.length > maxValidators || !found.every((one) => isBytes(one, 20))) throw unproven("validators");
  const isAscending = found.every((one, at) => at === 0 || (found[at - 1] as Hex) < (one as Hex));
  if (!isAscending) throw unproven("validators are not in ascending order");
  return found as Address[];
}

function voteOf(found: readonly unknown[]): Hex[] {
  const [recipient, kind, ...more] = found;
  const isVote = isBytes(recipient, 20) && (kind === "0x" || kind === "0xff") && more.length === 0;
  if (found.length > 0 && !isVote) throw unproven("the vote is none");
  return found as Hex[];
}

function sealsOf(found: readonly unknown[]): Hex[] {
  if (found.length > maxValidators || !found.every((one) => isBytes(one, 65))) throw unproven("seals");
  return found as Hex[];
}

function rlp(bytes: Hex): unknown {
  try {
    return fromRlp(bytes);
  } catch {
    throw unproven("extraData is no RLP");
  }
}

function list(found: unknown): readonly unknown[] {
  if (!Array.isArray(found)) throw unproven("extraData has other fields");
  return found;
}

const isBytes = (found: unknown, length?: number): found is Hex =>
  isHex(found) && (length === undefined || size(found) === length);
