/** Where the identity registry has its variables, after two that OpenZeppelin's EIP712 leaves at 0 (contracts/identity/). */
export const registrySlots = {
  identityCount: 2,
  ownerNonces: 3,
  deviceNonces: 4,
  identities: 5,
  ids: 6,
  publicIds: 7,
  names: 8,
  commitments: 9,
  recoveryNonces: 10,
  recoveries: 11,
} as const;

/** Words of an entry; the last one is of its name. */
export const entryWords = 7;

/** Where the relay registry has the variables that are read: entries by number, and the list of the active ones (contracts/network/). */
export const relaySlots = { relays: 5, active: 7 } as const;

/** Words of a relay's entry that are read, counted from its first, which has operator, time of leaving and roles. */
export const relayWords = { first: 0, signingKey: 2, region: 4, endpoint: 5 } as const;
