import type { WalletSigner } from "./client.ts";
import type { Address, Hex } from "./primitives.ts";

/** One use of a feature that costs something. */
export interface FeeInput {
  /** As in the table of prices, e.g. "gated-file"; ASCII, at most 31 characters. */
  feature: string;
  /** 1 to 1,000,000. */
  units: number;
  /** Who provides the use, and can claim what is paid in SKM. */
  beneficiary: Address;
  /** Most that a unit may cost, in the smallest unit of SKM: the price that the person was shown. */
  price: bigint;
  /**
   * What is paid for, e.g. the id of a file; up to 256 characters. With one feature and beneficiary it is paid once, however often it
   * is asked for, on whichever device, and at whatever price. Nobody else can tell from the payment what it was.
   */
  reference: string;
}

/** What a use costs now. Amounts in the smallest unit of SKM. */
export interface FeeQuote {
  /** Of one unit. */
  price: bigint;
  /** Parts of `price * units`: from credit, which is used first and counts for the tier, and from the wallet. */
  fromCredit: bigint;
  fromWallet: bigint;
  /** Whether the wallet is asked for one signature: for what credit does not reach, or where this device may not use credit by itself. */
  needsWallet: boolean;
}

/** What was signed (IUsageFees.Fee): who is shown it can compute the receipt and ask the chain whether it was paid. */
export interface Fee {
  payer: Address;
  beneficiary: Address;
  /** 32 bytes, ASCII on the left. */
  feature: Hex;
  units: number;
  /** Most that a unit may cost, and most of it all that comes from credit, in the smallest unit of SKM. */
  price: bigint;
  credit: bigint;
  /** Unix seconds. */
  deadline: number;
  salt: Hex;
}

export interface PaidFee {
  fee: Fee;
  /** EIP-712 digest of it, as the chain keeps it. */
  receipt: Hex;
}

/** Features that are paid for by the use. */
export interface Fees {
  /** Of one unit; undefined when the feature is not for sale. @throws SkrumbleError INPUT_INVALID, CHAIN_UNREACHABLE, QUORUM_FAILED */
  price(feature: string): Promise<bigint | undefined>;
  /** What would be taken, and from where. @throws as `price`, FEE_NOT_FOR_SALE, IDENTITY_REVOKED */
  quote(input: Pick<FeeInput, "feature" | "units">): Promise<FeeQuote>;
  /**
   * Pays for a use: from credit first, without asking anybody, and what credit does not reach from the wallet, by one signature.
   * Never more than the price that was shown, and never twice for a use: who is interrupted calls it again.
   *
   * @example
   * const use = { feature: "gated-file", units: 1, beneficiary: operator, reference: fileId };
   * const { price, needsWallet } = await client.fees.quote(use);
   * const { fee, receipt } = await client.fees.pay({ ...use, price }, needsWallet ? wallet : undefined);
   *
   * @throws SkrumbleError INPUT_INVALID, FEE_NOT_FOR_SALE, FEE_NEEDS_WALLET (credit does not reach; `values` say how much is
   * missing), FEE_NEEDS_SIGNATURE (credit reaches, but this device has no key that may use it), FEE_PRICE_ROSE (`values` name both
   * prices), FEE_CREDIT_SPENT, FEE_NOT_PAID (too late, or taken back by the wallet): pay again; FEE_TERMS_OPEN, AMOUNT_OVER_BALANCE,
   * FEE_PAID_ELSEWHERE (another device paid for it, or it was paid for in another number), IDENTITY_REVOKED, WALLET_WRONG_ACCOUNT,
   * WALLET_WRONG_CHAIN, WALLET_REFUSED, WALLET_FAILED, WALLET_CHANGED_ACCOUNT, CHAIN_REJECTED, CHAIN_STALLED, CHAIN_UNREACHABLE,
   * QUORUM_FAILED, STORE_CORRUPT, ABORTED
   */
  pay(input: FeeInput, wallet?: WalletSigner): Promise<PaidFee>;
}
