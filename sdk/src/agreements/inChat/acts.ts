import { concatHex, decodeEventLog, keccak256, toHex } from "viem";
import type { StoredAct } from "../../conversation/content/agreement.ts";
import { utf8 } from "../../crypto/bytes.ts";
import { escrowAbi } from "../../generated/index.ts";
import type { AgreementDraft } from "../../types/agreements.ts";
import type { Address, Hex, PublicId } from "../../types/primitives.ts";
import type { EscrowAction } from "../actOnEscrow.ts";
import { partyOf } from "./said.ts";

/** What stands on chain for a text: nobody who lacks the salt can try texts against it. */
export const sealedText = ({ text, salt }: { text: string; salt: Hex }): Hex =>
  keccak256(concatHex([salt, toHex(utf8(text))]));

/** What is signed for an act; undefined for `settle`, which is anybody's. */
export function escrowActionOf(act: StoredAct): EscrowAction | undefined {
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
  if (act === "accept" || act === "reject" || act === "fund")
    return party && party === payer ? party.wallet : undefined;
  return party?.wallet;
}

interface EventLog {
  address: Hex;
  topics: readonly Hex[];
  data: Hex;
}
type EscrowEvent = ReturnType<typeof decodeEventLog<typeof escrowAbi>>;

/** Whether events of a transaction are what an act makes the escrow say. @param wallet see {@link actorOf} */
export function isToldBy(
  logs: readonly EventLog[],
  { escrow, act, wallet }: { escrow: Address; act: StoredAct; wallet: Address },
): boolean {
  const events = logs.flatMap((log) => (log.address.toLowerCase() === escrow ? (decoded(log) ?? []) : []));
  if (act.do !== "fund") return events.some((event) => fits(event, act, wallet));
  return Array.from({ length: act.count }, (_, offset) => BigInt(act.first + offset)).every((index) =>
    events.some(({ eventName, args }) => eventName === "MilestoneFunded" && args.index === index),
  );
}

function decoded({ topics, data }: EventLog): EscrowEvent | undefined {
  try {
    return decodeEventLog({ abi: escrowAbi, topics: topics as [Hex, ...Hex[]], data });
  } catch {
    return undefined;
  }
}

function fits({ eventName, args }: EscrowEvent, act: Exclude<StoredAct, { do: "fund" }>, wallet: Address): boolean {
  if (act.do === "cancel") {
    if (eventName === "EscrowCancelled") return args.toPayee === BigInt(act.toPayee);
    return eventName === "Consented" && args.by.toLowerCase() === wallet;
  }
  if (act.do === "extend" && eventName === "Consented") return args.by.toLowerCase() === wallet;
  const index = BigInt(act.index);
  if (!("index" in args) || args.index !== index) return false;
  switch (act.do) {
    case "submit":
      return eventName === "MilestoneSubmitted" && args.evidence === sealedText(act);
    case "reject":
      return eventName === "MilestoneRejected" && args.reason === sealedText(act);
    case "dispute":
      return eventName === "MilestoneDisputed" && args.reason === sealedText(act) && args.by.toLowerCase() === wallet;
    case "accept":
      return eventName === "MilestoneReleased" && args.amount === BigInt(act.amount);
    case "refund":
      return eventName === "MilestoneRefunded" && args.amount === BigInt(act.amount);
    case "rule":
      return eventName === "MilestoneSettled" && args.toPayee === BigInt(act.toPayee);
    case "extend":
      return eventName === "MilestoneExtended" && args.due === BigInt(act.due);
    case "declareDefault":
      return eventName === "SaleDefaulted";
    case "settle":
      return eventName === "MilestoneSettled" || (eventName === "MilestoneDisputed" && BigInt(args.by) === 0n);
  }
}
