import { numberToHex, zeroAddress } from "viem";
import { readBalance } from "../chain/actions/readBalance.ts";
import { readIdentity } from "../chain/actions/readIdentity.ts";
import type { AnyChain } from "../chain/chain.ts";
import { quorumRequest } from "../chain/quorum.ts";
import { isRefusal } from "../chain/rpc.ts";
import { simulate } from "../chain/simulate.ts";
import type { IdentityRecord } from "../chain/types.ts";
import type { Core } from "../client/core.ts";
import { findLookAlike } from "../contacts/lookAlike.ts";
import { maxPaymentNote } from "../conversation/content/money.ts";
import { paymentRows } from "../conversation/content/paymentIndex.ts";
import { type ErrorCode, SkrumbleError } from "../errors/index.ts";
import type { Asset, AssetId, PaymentInput, PaymentReview } from "../types/money.ts";
import type { Address, ConversationId, MessageId, PublicId } from "../types/primitives.ts";
import { maxAmount } from "./amounts.ts";
import { lookOnOtherChain } from "./otherChain.ts";
import { transferOf } from "./transferOf.ts";

/** What is known before anybody signs, with the wallet that would pay. Addresses are lower case. */
export interface PaymentPlan extends PaymentReview {
  payer: Address;
}

/**
 * Reads everything that a person should see before they pay. Two operators agree on whose wallets these are.
 * @throws SkrumbleError see ConversationMoney.review
 */
export async function planPayment(core: Core, id: ConversationId, input: PaymentInput): Promise<PaymentPlan> {
  const { to, amount, note = "" } = input;
  checkMembers(core, id, [to]);
  checkAmount(amount);
  if (note.length > maxPaymentNote) throw new SkrumbleError("MESSAGE_TOO_LONG");
  const asset = await core.payments.assets.read(input.asset, { anew: true });
  if (input.request !== undefined) await checkRequest(core, id, input.request, to, asset);
  const [own, theirs] = await Promise.all([read(core, core.self.identity.publicId), read(core, to)]);
  const payer = own.owner.toLowerCase() as Address;
  const recipient = theirs.owner.toLowerCase() as Address;
  if (payer === recipient) throw new SkrumbleError("INPUT_INVALID", { details: "The same wallet pays and is paid." });
  const on = core.payments.assets.chains.of(asset);
  const balance = await readBalance(on, asset.token, payer, { quorum: true, signal: core.signal });
  const there = on.further && (await lookOnOtherChain(core, on, { token: asset.token, amount, payer, recipient }));
  const problem =
    (await problemOf(core, { on, to, asset, amount, payer, recipient, balance, theirs })) ?? there?.problem;
  const lookAlike = findLookAlike({ publicId: to, pseudonym: theirs.name }, core.book.all());
  const last = await lastPaid(core, to);
  return {
    ...{ to, amount, asset, recipient, balance, payer },
    ...(problem ? { problem: { code: problem } } : {}),
    first: last === undefined,
    ...(lookAlike ? { lookAlike: lookAlike.pseudonym } : {}),
    changed: last !== undefined && last !== recipient,
    ...(there ? { elsewhere: there.elsewhere } : {}),
  };
}

/** Others who are in the conversation now. @throws SkrumbleError CONVERSATION_UNKNOWN, GROUP_LEFT, NOT_A_MEMBER */
export function checkMembers(core: Core, id: ConversationId, people: readonly PublicId[]): void {
  const thread = core.threads.get(id);
  if (!thread) throw new SkrumbleError("CONVERSATION_UNKNOWN");
  if (thread.left) throw new SkrumbleError("GROUP_LEFT");
  const own = core.self.identity.publicId;
  const isMember = (person: PublicId) => person !== own && thread.state.people[person] !== undefined;
  if (!people.every(isMember)) throw new SkrumbleError("NOT_A_MEMBER");
}

/** @throws SkrumbleError AMOUNT_INVALID */
export function checkAmount(amount: bigint): void {
  if (amount <= 0n || amount > maxAmount) throw new SkrumbleError("AMOUNT_INVALID");
}

async function checkRequest(core: Core, id: ConversationId, request: MessageId, to: PublicId, asset: AssetId) {
  const asked = await core.threads.message(id, request);
  if (asked?.body.type !== "request") throw new SkrumbleError("MESSAGE_UNKNOWN");
  if (asked.body.withdrawn) throw new SkrumbleError("REQUEST_WITHDRAWN");
  const isSame = asked.body.asset.chainId === asset.chainId && asked.body.asset.token === asset.token;
  if (asked.from !== to || !isSame)
    throw new SkrumbleError("INPUT_INVALID", { details: "Whoever asked is paid, in what they asked for." });
}

async function read(core: Core, publicId: PublicId): Promise<IdentityRecord> {
  const record = await readIdentity(core.chain, { publicId }, { quorum: true, signal: core.signal });
  if (!record) throw new SkrumbleError("PERSON_NOT_FOUND");
  return record;
}

interface Facts {
  on: AnyChain;
  to: PublicId;
  asset: Asset;
  amount: bigint;
  payer: Address;
  recipient: Address;
  balance: bigint;
  theirs: IdentityRecord;
}

async function problemOf(core: Core, facts: Facts): Promise<ErrorCode | undefined> {
  const { on, to, asset, amount, payer, recipient, balance, theirs } = facts;
  if (theirs.revoked) return "IDENTITY_REVOKED";
  if (theirs.publicId !== to) return "IDENTITY_CHANGED";
  if (amount > balance) return "AMOUNT_OVER_BALANCE";
  if (core.payments.stalled && !on.further) return "CHAIN_STALLED";
  try {
    const { value, ...call } = transferOf(asset, recipient, amount);
    const trial = { from: payer, ...call, value: numberToHex(value) };
    // A token may also say no without reverting; many old ones say nothing at all.
    const isNo = (answer: unknown) => asset.token !== zeroAddress && /^0x0{64}$/.test(String(answer));
    if (!isNo(await simulate(on, trial, core.signal))) return undefined;
    // Two operators have to say so, as they have to of what reverts.
    const agreed = await quorumRequest(on.rpc, "eth_call", [trial, "latest"], core.signal);
    return isNo(agreed) ? "PAYMENT_REFUSED" : undefined;
  } catch (error) {
    if (isRefusal(error)) return "PAYMENT_REFUSED";
    throw error;
  }
}

/** Wallet that got the last payment to somebody. */
async function lastPaid(core: Core, to: PublicId): Promise<Address | undefined> {
  const own = core.self.identity.publicId;
  const paid = (await paymentRows(core.vault)).filter(({ from, body }) => from === own && body.to === to);
  const final = paid.filter(({ body }) => body.state === "final").sort((a, b) => a.at - b.at);
  return final.at(-1)?.body.recipient;
}
