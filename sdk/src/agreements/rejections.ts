import type { ErrorCode } from "../errors/index.ts";

/** What a contract error of Agreements and Escrow means to a person. */
export const agreementRejections: Record<string, ErrorCode> = {
  AgreementExists: "AGREEMENT_EXISTS",
  AgreementIsRetracted: "AGREEMENT_RETRACTED",
  AgreementDeadlinePassed: "AGREEMENT_TOO_LATE",
  AgreementInvalidSignature: "WALLET_CHANGED_ACCOUNT",
  AgreementSignatureCount: "AGREEMENT_UNSIGNED",
  AgreementInvalidDue: "AGREEMENT_TOO_LATE",
  EscrowWrongStep: "ESCROW_MOVED_ON",
  EscrowWrongState: "ESCROW_MOVED_ON",
  EscrowTooLate: "ESCROW_TOO_LATE",
  EscrowTooEarly: "ESCROW_TOO_EARLY",
  EscrowWaits: "ESCROW_WAITS",
  EscrowNotAllowed: "ESCROW_NOT_YOURS",
  EscrowInvalidSignature: "WALLET_CHANGED_ACCOUNT",
  EscrowDeadlinePassed: "ESCROW_NOT_IN_TIME",
  EscrowUnderfunded: "ESCROW_UNDERFUNDED",
  EscrowAmountTooHigh: "ESCROW_AMOUNT_TOO_HIGH",
  EscrowInvalidAmount: "AMOUNT_INVALID",
  EscrowInvalidDue: "INPUT_INVALID",
  EscrowNoArbiter: "INPUT_INVALID",
  EscrowWrongKind: "INPUT_INVALID",
};
