import { concatHex, decodeFunctionData, keccak256, toHex } from "viem";
import type { StoredAct } from "../../conversation/content/agreement.ts";
import { utf8 } from "../../crypto/bytes.ts";
import { escrowAbi } from "../../generated/index.ts";
import type { AgreementDraft } from "../../types/agreements.ts";
import type { Address, Hex, PublicId } from "../../types/primitives.ts";
import { actionValues, type EscrowAction } from "../actOnEscrow.ts";
import { partyOf } from "./said.ts";

/** What stands on chain for a text: nobody who lacks the salt can try texts against it. */
export const sealedText = ({ text, salt }: { text: string; salt: Hex }): Hex =>
  keccak256(concatHex([salt, toHex(utf8(text))]));

/** What is signed for an act; undefined for `settle`, which is anybody's. @param token the agreement's */
export function escrowActionOf(act: StoredAct, token: Address): EscrowAction | undefined {
  switch (act.do) {
    case "submit":
      return { do: act.do, index: act.index, evidence: sealedText(act) };
    case "reject":
    case "dispute":
      return { do: act.do, index: act.index, reason: sealedText(act) };
    case "accept":
    case "refund":
      return { do: act.do, index: act.index, amount: BigInt(act.amount) };
    case "rule":
      return { do: act.do, index: act.index, toPayee: BigInt(act.toPayee) };
    case "cancel":
      return { do: act.do, toPayee: BigInt(act.toPayee) };
    case "declareDefault":
      return { do: act.do, index: act.index };
    case "settle":
      return undefined;
    case "sweep":
      return { do: act.do, token };
    default:
      return act;
  }
}

/** Wallet that has to have done an act which somebody says is theirs; undefined where it cannot be. */
export function actorOf(draft: AgreementDraft, person: PublicId, act: StoredAct["do"]): Address | undefined {
  const [payer, payee] = draft.parties;
  const { arbiter } = draft;
  if (act === "rule") return arbiter?.publicId === person ? arbiter.wallet : undefined;
  const party = partyOf(draft, person);
  if (act === "settle") return party?.wallet ?? (arbiter?.publicId === person ? arbiter.wallet : undefined);
  if (act === "submit" || act === "refund") return party && party === payee ? party.wallet : undefined;
  if (act === "accept" || act === "reject" || act === "fund" || act === "sweep")
    return party && party === payer ? party.wallet : undefined;
  return party?.wallet;
}

/** What was signed for an act: the state it was meant for, and until when the chain takes it. */
export interface ActTerms {
  step: bigint;
  /** Unix seconds. */
  deadline: bigint;
}

/**
 * What a call of an escrow says for an act, if it is this act and nobody else's: the same function with the same values and, where
 * it is signed, the same account. The contract has checked the signature when the transaction went through.
 * @param wallet see {@link actorOf} @param step the one it was signed for, if that is known
 */
export function termsInCall(
  { to, input }: { to: Hex | null; input: Hex },
  {
    escrow,
    act,
    wallet,
    token,
    step,
  }: { escrow: Address; act: StoredAct; wallet: Address; token: Address; step?: bigint },
): ActTerms | undefined {
  if (to !== escrow) return undefined;
  const call = decoded(input);
  if (call?.functionName !== act.do) return undefined;
  const args = call.args as readonly unknown[];
  if (act.do === "settle") return same(args, [BigInt(act.index)]) ? { step: 0n, deadline: 0n } : undefined;
  const action = escrowActionOf(act, token);
  const by = args.at(-1) as (ActTerms & { signer: Address }) | undefined;
  if (!action || !by || !same(args.slice(0, -1), actionValues(action))) return undefined;
  // Whoever counts money that lies there already signs nothing.
  if (act.do === "fund") return { step: by.step, deadline: by.deadline };
  if (by.signer.toLowerCase() !== wallet || (step !== undefined && by.step !== step)) return undefined;
  return { step: by.step, deadline: by.deadline };
}

const same = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((one, at) => plain(one) === plain(others[at]));
const plain = (value: unknown): string => String(value).toLowerCase();

function decoded(data: Hex) {
  try {
    return decodeFunctionData({ abi: escrowAbi, data });
  } catch {
    return undefined;
  }
}
