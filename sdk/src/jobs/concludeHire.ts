import { encodeFunctionData } from "viem";
import { concludeAgreement } from "../agreements/concludeAgreement.ts";
import { agreementIdOf, termsOf } from "../agreements/termsOf.ts";
import { type Chain, readContract } from "../chain/chain.ts";
import type { SubmitOptions } from "../chain/submit.ts";
import { SkrumbleError } from "../errors/index.ts";
import { agreementsAbi, jobBoardAbi } from "../generated/index.ts";
import type { JobOffer } from "../types/jobs.ts";
import type { Hex } from "../types/primitives.ts";
import { submitToBoard } from "./board.ts";
import { readHire } from "./readHire.ts";

/**
 * Puts an offer that both have signed on chain: the agreement, which opens its escrow, and that it is about this job. Nobody is asked for
 * anything. What of it is there already is left as it is, so that it can be repeated, by either of the two. Once the agreement is on
 * chain no signatures are needed: whoever signed first can record the hire too.
 * @returns the agreement's id
 * @throws SkrumbleError AGREEMENT_UNSIGNED, AGREEMENT_RETRACTED, AGREEMENT_TOO_LATE, JOB_OFFER_INVALID (the job's poster does not pay in it),
 * PERSON_NOT_FOUND (who is paid is not registered any more), and what the chain throws
 */
export async function concludeHire(chain: Chain, offer: JobOffer, options: SubmitOptions = {}): Promise<Hex> {
  const terms = termsOf(offer.draft);
  const id = agreementIdOf(terms, chain.network);
  const at = { address: chain.network.contracts.agreements, abi: agreementsAbi } as const;
  const read = { quorum: true, signal: options.signal };
  const found = await readContract(chain, { ...at, functionName: "agreement", args: [id] }, read);
  if (found.concludedAt === 0n) {
    await unless("AGREEMENT_EXISTS", () => concludeAgreement(chain, terms, offer.signatures, options));
  }
  if (await readHire(chain, id, options)) return id;
  const args = [offer.jobId, terms, offer.secret] as const;
  const data = encodeFunctionData({ abi: jobBoardAbi, functionName: "hire", args });
  await unless("JOB_HIRE_KNOWN", () => submitToBoard(chain, data, options));
  return id;
}

/** The other party may have been faster. */
async function unless(done: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof SkrumbleError) || error.code !== done) throw error;
  }
}
