import type { ErrorCode } from "../errors/index.ts";

/** What a contract error of the identity registry means to a person. */
export const registryRejections: Record<string, ErrorCode> = {
  IdentityNameTaken: "NAME_TAKEN",
  IdentityNameCooling: "NAME_TAKEN",
  IdentityNameCharacter: "NAME_FORBIDDEN_CHARACTER",
  IdentityNameLength: "NAME_TOO_LONG",
  IdentityOwnerTaken: "WALLET_HAS_IDENTITY",
  IdentityInvalidSignature: "WALLET_CHANGED_ACCOUNT",
  IdentityTooManyDevices: "TOO_MANY_DEVICES",
  IdentityRevoked: "IDENTITY_REVOKED",
};

/** What a contract error of the red packets, or of SKM while one is made, means to a person. */
export const packetRejections: Record<string, ErrorCode> = {
  PacketUnknown: "PACKET_INVALID",
  PacketInvalidShares: "INPUT_INVALID",
  PacketInvalidExpiry: "PACKET_EXPIRY_INVALID",
  PacketDust: "PACKET_TOO_SMALL",
  PacketAmountTooLarge: "INPUT_INVALID",
  PacketExpired: "PACKET_EXPIRED",
  PacketEmpty: "PACKET_EMPTY",
  PacketAlreadyClaimed: "PACKET_ALREADY_CLAIMED",
  PacketNotEligible: "PACKET_NOT_ELIGIBLE",
  PacketInvalidSignature: "PACKET_KEYS_CHANGED",
  PacketNotExpired: "PACKET_NOT_EXPIRED",
  PacketTicketsPending: "PACKET_SHARES_PENDING",
  PacketNothingLeft: "PACKET_NOTHING_LEFT",
  ERC20InsufficientBalance: "AMOUNT_OVER_BALANCE",
  ERC3009Expired: "PACKET_NOT_MADE",
  ERC3009NonceUsed: "PACKET_NOT_MADE",
  ERC3009InvalidSignature: "WALLET_FAILED",
};

/** What a contract error of the fees, of SKM or of the credit means to a person. */
export const feeRejections: Record<string, ErrorCode> = {
  UsageFeePriceRose: "FEE_PRICE_ROSE",
  UsageFeeNotForSale: "FEE_NOT_FOR_SALE",
  UsageFeeExpired: "FEE_NOT_PAID",
  UsageFeeAlreadyPaid: "FEE_PAID_ELSEWHERE",
  UsageFeeNoIdentity: "IDENTITY_REVOKED",
  UsageFeeInvalidSignature: "FEE_NOT_PAID",
  UsageFeeInvalidBeneficiary: "INPUT_INVALID",
  MembershipInsufficientCredit: "FEE_CREDIT_SPENT",
  ERC20InsufficientBalance: "AMOUNT_OVER_BALANCE",
  ERC3009Expired: "FEE_NOT_PAID",
  ERC3009NonceUsed: "FEE_NOT_PAID",
  ERC3009InvalidSignature: "WALLET_FAILED",
};
