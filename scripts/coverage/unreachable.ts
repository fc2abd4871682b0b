/** An outcome that no test can bring about, and why. It must stay so: reaching it fails the check as well. */
export interface Unreachable {
  path: string;
  condition: string;
  outcome: boolean;
  because: string;
}

export const UNREACHABLE: readonly Unreachable[] = [
  {
    path: "contracts/token/SKM.sol",
    condition: "to == address(0)",
    outcome: true,
    because: "Nothing burns SKM: OpenZeppelin's ERC20 refuses transfers to nobody before it calls _update.",
  },
];
