import { signWith } from "../agreements/signWith.ts";
import { readIdentity } from "../chain/actions/readIdentity.ts";
import { type Chain, readContract } from "../chain/chain.ts";
import { type SubmitOptions, submit, type TransactionReceipt } from "../chain/submit.ts";
import type { IdentityRecord } from "../chain/types.ts";
import { type ErrorCode, SkrumbleError } from "../errors/index.ts";
import { jobBoardAbi } from "../generated/index.ts";
import type { WalletSigner } from "../types/client.ts";
import type { RegisteredPerson } from "../types/jobs.ts";
import type { Address, Hex, PublicId } from "../types/primitives.ts";

/** Signing for the job board and reading from it, shared by the verbs of this folder. */

/** What a contract error of JobBoard means to a person. */
const rejections: Record<string, ErrorCode> = {
  JobUnknown: "JOB_UNKNOWN",
  JobNotOpen: "JOB_NOT_OPEN",
  JobInvalidApplyBy: "JOB_INVALID",
  JobInvalidSignature: "JOB_MOVED_ON",
  JobDeadlinePassed: "JOB_MOVED_ON",
  JobNobodyActs: "IDENTITY_REVOKED",
  JobNotItsAgreement: "JOB_OFFER_INVALID",
  JobAgreementNotConcluded: "AGREEMENT_NOT_CONCLUDED",
  JobAlreadyHired: "JOB_HIRE_KNOWN",
  JobUnregistered: "PERSON_NOT_FOUND",
  RatingWithoutHire: "RATING_NOT_YOURS",
  RatingNotAParty: "RATING_NOT_YOURS",
  RatingTooEarly: "RATING_TOO_EARLY",
  RatingGiven: "RATING_GIVEN",
};

/** The chain has to take what was signed within so many seconds. */
const holds = 3600;

export const boardOf = (chain: Chain) => ({ address: chain.network.contracts.jobBoard, abi: jobBoardAbi }) as const;

/** @throws what {@link submit} throws, and the codes above */
export const submitToBoard = (chain: Chain, data: Hex, options: SubmitOptions): Promise<TransactionReceipt> =>
  submit(chain, { to: chain.network.contracts.jobBoard, data, abi: jobBoardAbi, rejections }, options);

type Field = readonly [type: string, name: string, value: bigint | number | Hex];

/**
 * One prompt of the wallet.
 * @returns the signature, and until when (Unix seconds) the chain may take it
 * @throws what {@link signWith} throws
 */
export async function signForBoard(
  chain: Chain,
  wallet: WalletSigner,
  primaryType: string,
  given: readonly Field[],
  signal?: AbortSignal,
): Promise<{ signature: Hex; deadline: bigint }> {
  const deadline = BigInt(Math.floor(Date.now() / 1000) + holds);
  const fields: Field[] = [...given, ["uint256", "deadline", deadline]];
  const { chainId, contracts } = chain.network;
  const typed = {
    domain: { name: "Skrumble JobBoard", version: "1", chainId, verifyingContract: contracts.jobBoard },
    types: { [primaryType]: fields.map(([type, name]) => ({ name, type })) },
    primaryType,
    message: Object.fromEntries(fields.map(([, name, value]) => [name, value])),
  };
  return { signature: await signWith(chain, wallet, typed, signal), deadline };
}

/** The next nonce of somebody's Post, Edit or Close. */
export const nonceOf = (chain: Chain, identityId: bigint, signal?: AbortSignal): Promise<bigint> =>
  readContract(chain, { ...boardOf(chain), functionName: "nonceOf", args: [identityId] }, { quorum: true, signal });

/**
 * Whose identity a wallet owns.
 * @throws SkrumbleError WALLET_NO_IDENTITY, IDENTITY_REVOKED, and what reads throw
 */
export async function actingFor(chain: Chain, wallet: Address, signal?: AbortSignal): Promise<RegisteredPerson> {
  const found = await readIdentity(chain, { owner: wallet }, { quorum: true, signal });
  if (!found) throw new SkrumbleError("WALLET_NO_IDENTITY");
  if (found.revoked) throw new SkrumbleError("IDENTITY_REVOKED");
  return personOf(found);
}

const personOf = ({ id, publicId, name, owner, revoked }: IdentityRecord): RegisteredPerson => ({
  ...{ id, publicId, revoked },
  pseudonym: name,
  wallet: owner.toLowerCase() as Address,
});

/** Somebody by their number, as two operators say. Undefined where their name could pass for another. */
export async function personById(
  chain: Chain,
  id: bigint,
  signal?: AbortSignal,
): Promise<RegisteredPerson | undefined> {
  const found = await readIdentity(chain, { id }, { quorum: true, signal });
  return found && personOf(found);
}

/**
 * Somebody by their public ID, as two operators say.
 * @throws SkrumbleError PERSON_NOT_FOUND, IDENTITY_REVOKED, and what reads throw
 */
export async function personByPublicId(
  chain: Chain,
  publicId: PublicId,
  signal?: AbortSignal,
): Promise<RegisteredPerson> {
  const found = await readIdentity(chain, { publicId }, { quorum: true, signal });
  if (!found) throw new SkrumbleError("PERSON_NOT_FOUND");
  if (found.revoked) throw new SkrumbleError("IDENTITY_REVOKED");
  return personOf(found);
}
