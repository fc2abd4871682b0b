import { type Address, type Hex, recoverTypedDataAddress } from "viem";
import { type Attestation, type Earned, rewardMessage } from "./attestation.ts";
import type { Counted } from "./savedCount.ts";

/** What the contract says of its attesters now. */
export interface Attesters extends Counted {
  term: bigint;
  attesters: readonly Address[];
  threshold: number;
}

/** What can be claimed: enough signatures, ascending by signer. */
export interface Claim extends Earned {
  signatures: Hex[];
}

export interface Joined {
  claims: Claim[];
  /** Why attestations do not count, a sentence each. */
  left: string[];
}

/**
 * Puts together what attesters signed, by the same sum each. Of an operator's sums that enough of them signed the largest is
 * claimed. What is another contract's, of another term or not truly an attester's is left out, so that it cannot spoil the rest.
 */
export async function joinAttestations(given: readonly Attestation[], now: Attesters): Promise<Joined> {
  const left: string[] = [];
  const attesters = new Set(now.attesters);
  /** Sum of an operator -> attester -> signature. */
  const sums = new Map<string, Earned & { by: Map<Address, Hex> }>();
  for (const attestation of given) {
    const why = unfit(attestation, now, attesters);
    if (why) {
      left.push(`${attestation.attester}: ${why}`);
      continue;
    }
    let forged = 0;
    for (const { signature, ...earned } of attestation.rewards) {
      if ((await signerOf(now, earned, signature)) !== attestation.attester) {
        forged++;
        continue;
      }
      const key = `${earned.kind} ${earned.operator} ${earned.cumulative}`;
      const sum = sums.get(key) ?? { ...earned, by: new Map() };
      sum.by.set(attestation.attester, signature);
      sums.set(key, sum);
    }
    if (forged > 0) left.push(`${attestation.attester}: ${forged} signatures are not theirs.`);
  }
  return { claims: enough(sums.values(), now.threshold), left };
}

function unfit(
  { chainId, contract, term, attester }: Attestation,
  now: Attesters,
  attesters: ReadonlySet<Address>,
): string | undefined {
  if (chainId !== now.chainId || contract !== now.contract) return "signed for another contract.";
  if (term !== now.term) return `signed for term ${term}; it is term ${now.term}.`;
  if (!attesters.has(attester)) return "is no attester.";
  return undefined;
}

async function signerOf(now: Attesters, earned: Earned, signature: Hex): Promise<Address | undefined> {
  if (!isPlain(signature)) return undefined;
  try {
    return await recoverTypedDataAddress({ ...rewardMessage(now, earned), signature });
  } catch {
    return undefined;
  }
}

/** Half the order of secp256k1, rounded down. */
const MOST_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** In the one form that the contract takes. Anybody can write a signature in another, which would spoil the whole claim there. */
const isPlain = (signature: Hex): boolean =>
  /^0x.{128}1[bc]$/i.test(signature) && BigInt(`0x${signature.slice(66, 130)}`) <= MOST_S;

function enough(sums: Iterable<Earned & { by: Map<Address, Hex> }>, threshold: number): Claim[] {
  const largest = new Map<string, Claim>();
  for (const { by, ...earned } of sums) {
    if (by.size < threshold) continue;
    const key = `${earned.kind} ${earned.operator}`;
    if ((largest.get(key)?.cumulative ?? 0n) >= earned.cumulative) continue;
    const signatures = [...by]
      .sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
      .slice(0, threshold)
      .map(([, signature]) => signature);
    largest.set(key, { ...earned, signatures });
  }
  return [...largest.values()];
}
