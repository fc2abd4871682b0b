export interface Claim {
  /** Contract and file of test/proofs/. */
  contract: string;
  /** `bmc` where `chc` comes to no end. */
  engine: "chc" | "bmc";
  /** Places in it and in the library it calls that are safe for every input. */
  proved: number;
  /** Places the solver cannot decide, by their code, and what shows them instead. */
  open: readonly { code: string; shownBy: string }[];
  /** Places that are wrong on purpose. */
  refuted?: number;
}

export const CLAIMS: readonly Claim[] = [
  { contract: "CheckerProof", engine: "chc", proved: 2, open: [], refuted: 1 },
  { contract: "EscrowArgsProof", engine: "chc", proved: 9, open: [] },
  { contract: "HashChainProof", engine: "chc", proved: 9, open: [] },
  {
    contract: "LuckySplitProof",
    engine: "bmc",
    proved: 7,
    open: [
      {
        code: "chance(seed, group + 1) % (high - low + 1)",
        shownBy: "LuckySplit.t.sol testFuzz_partsAddUp..., fairness.ts",
      },
    ],
  },
];
