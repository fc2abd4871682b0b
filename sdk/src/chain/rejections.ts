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
