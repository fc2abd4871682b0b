/** Validators that must agree on a block: two thirds, rounded up (EEA, QBFT specification). */
export const quorumOf = (validators: number): number => Math.ceil((2 * validators) / 3);

/** Validators that must vote for a change of the set: more than half. */
export const majorityOf = (validators: number): number => Math.floor(validators / 2) + 1;
