import type { Contract, Signer } from "ethers";
import { act, deployAgreements, open, type Terms, type World, workTerms } from "./agreements.ts";
import { by, DAY, ethers, now } from "./chain.ts";
import { NAME_COOLDOWN, RECOVERY_DELAY } from "./deploy.ts";
import { hash, register } from "./identities.ts";
import { type Domain, domainOf, sign, type TypeName } from "./typedData.ts";

export const LISTING = hash("a listing");
export const SECRET = hash("a secret");
export const COMMENT = hash("a comment");
export const STATE = { open: 1n, hired: 2n, closed: 3n } as const;

/** A board, and an identity each for payer (the client), payee (the freelancer) and a stranger. */
export async function deployJobs() {
  const world = await deployAgreements();
  const registry = await ethers.deployContract("IdentityRegistry", [RECOVERY_DELAY, NAME_COOLDOWN]);
  const board = await ethers.deployContract("JobBoard", [registry, world.agreements]);
  const client = await register(registry, world.payer, "client");
  const freelancer = await register(registry, world.payee, "freelancer");
  const outsider = await register(registry, world.stranger, "outsider");
  return { ...world, world: world as World, registry, board, client, freelancer, outsider };
}

export type JobWorld = Awaited<ReturnType<typeof deployJobs>>;

export const jobDomain = (board: Contract): Promise<Domain> => domainOf(board, "Skrumble JobBoard");

/** Unix seconds, further than any test's. */
export const FAR_DEADLINE = 10n ** 11n;

export const authorise = async (
  board: Contract,
  signer: Signer,
  type: TypeName,
  message: Record<string, unknown>,
  domain: Partial<Domain> = {},
): Promise<string> =>
  sign(signer, { ...(await jobDomain(board)), ...domain }, type, { deadline: FAR_DEADLINE, ...message });

/** Posted by the client, submitted by somebody else; the job's number. */
export async function post({ board, payer, witness, client }: JobWorld, listing = LISTING): Promise<bigint> {
  const applyBy = BigInt((await now()) + 30 * DAY);
  const nonce = await board.nonceOf(client);
  const signature = await authorise(board, payer, "Post", { poster: client, listing, applyBy, nonce });
  await by(witness, board).post(client, listing, applyBy, FAR_DEADLINE, signature);
  return board.jobCount();
}

export const saltOf = (jobId: bigint, secret = SECRET): string =>
  ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["uint64", "bytes32"], [jobId, secret]));

/** A job of the client's, and the concluded agreement about it; nothing is hired yet. */
export async function agreed() {
  const world = await deployJobs();
  const jobId = await post(world);
  const terms: Terms = await workTerms(world, { salt: saltOf(jobId) });
  const escrow = await open(world, terms);
  return { ...world, all: world, jobId, terms, escrow, agreementId: (await world.agreements.idOf(terms)) as string };
}

/** The same, hired. */
export async function hired() {
  const found = await agreed();
  await by(found.witness, found.board).hire(found.jobId, found.terms, SECRET);
  return found;
}

/** The same, everything settled: both agreed to end it. */
export async function finished() {
  const found = await hired();
  for (const party of [found.payer, found.payee]) await act(found.escrow, party, "cancel", [0n]);
  return found;
}

/** Signed by `signer` for `rater`, submitted by somebody else. */
export async function rate(
  { board, witness, agreementId }: { board: Contract; witness: Signer; agreementId: string },
  signer: Signer,
  rater: bigint,
  score: number,
  comment = COMMENT,
) {
  const signature = await authorise(board, signer, "Rate", { agreementId, rater, score, comment });
  return by(witness, board).rate(agreementId, rater, score, comment, FAR_DEADLINE, signature);
}
