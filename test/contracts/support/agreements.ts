import type { BaseContract, Contract, ContractTransactionResponse, Signer } from "ethers";
import { by, DAY, ethers, now } from "./chain.ts";
import { hash } from "./identities.ts";
import { type Domain, domainOf, parse, sign, type TypeName } from "./typedData.ts";

export const KIND = { plain: 0, work: 1, sale: 2 } as const;
export const OUTCOME = { unset: 0, wait: 1, refund: 2, release: 3, split: 4, arbiter: 5 } as const;
export const STATE = { unfunded: 0n, funded: 1n, submitted: 2n, rejected: 3n, disputed: 4n, settled: 5n } as const;

export const REVIEW = 5 * DAY;
export const RESPONSE = 3 * DAY;
export const RULING = 20 * DAY;
/** The payee's part of a split, in 1/10,000. */
export const SHARE = 6_000;
export const AMOUNTS: readonly bigint[] = [1_000n, 2_000n, 3_000n];
export const WHOLE = 6_000n;

/** The EIP-712 types as IAgreements documents them. */
const TERMS_TYPES = {
  Terms: parse(
    "uint8 kind,address[] signers,address payer,address payee,address arbiter,address token,bytes32 textHash,bytes32 salt,uint64 signBy,Rules rules,Milestone[] milestones",
  ),
  Rules: parse(
    "uint8 onNoSubmission,uint8 onNoReview,uint8 onRejection,uint16 fallbackShare,uint16 retainedShare,uint32 reviewTime,uint32 responseTime,uint32 rulingTime",
  ),
  Milestone: parse("uint128 amount,uint40 due"),
};

export interface Rules {
  onNoSubmission: number;
  onNoReview: number;
  onRejection: number;
  fallbackShare: number;
  retainedShare: number;
  reviewTime: number;
  responseTime: number;
  rulingTime: number;
}

export interface Terms {
  kind: number;
  signers: string[];
  payer: string;
  payee: string;
  arbiter: string;
  token: string;
  textHash: string;
  salt: string;
  signBy: number;
  rules: Rules;
  milestones: { amount: bigint; due: number }[];
}

/** Payer, payee, arbiter, a stranger, a further signer, and a token of which the payer has a million units. */
export async function deployAgreements() {
  const [deployer, payer, payee, arbiter, stranger, witness] = await ethers.getSigners();
  const implementation = await ethers.deployContract("Escrow");
  const agreements = await ethers.deployContract("Agreements", [implementation]);
  const token = await ethers.deployContract("TemperToken", [0]);
  await token.mint(payer.address, 1_000_000n);
  return { deployer, payer, payee, arbiter, stranger, witness, implementation, agreements, token };
}

export type World = Awaited<ReturnType<typeof deployAgreements>>;

const NO_RULES: Rules = {
  onNoSubmission: 0,
  onNoReview: 0,
  onRejection: 0,
  fallbackShare: 0,
  retainedShare: 0,
  reviewTime: 0,
  responseTime: 0,
  rulingTime: 0,
};

export const ascending = (addresses: string[]): string[] =>
  [...addresses].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));

export async function plainTerms(world: World, over: Partial<Terms> = {}): Promise<Terms> {
  const { ZeroAddress } = ethers;
  return {
    kind: KIND.plain,
    signers: ascending([world.payer.address, world.payee.address, world.witness.address]),
    payer: ZeroAddress,
    payee: ZeroAddress,
    arbiter: ZeroAddress,
    token: ZeroAddress,
    textHash: hash("We shall be friends."),
    salt: hash("salt"),
    signBy: (await now()) + DAY,
    rules: NO_RULES,
    milestones: [],
    ...over,
  };
}

/** Three milestones due 10, 20 and 30 days from now, an arbiter, and every rule another outcome. */
export async function workTerms(
  world: World,
  { rules, ...over }: Omit<Partial<Terms>, "rules"> & { rules?: Partial<Rules> } = {},
): Promise<Terms> {
  const start = await now();
  const { payer = world.payer.address, payee = world.payee.address } = over;
  return {
    ...(await plainTerms(world)),
    kind: KIND.work,
    signers: ascending([payer, payee]),
    payer,
    payee,
    arbiter: world.arbiter.address,
    token: await world.token.getAddress(),
    rules: {
      ...NO_RULES,
      onNoSubmission: OUTCOME.refund,
      onNoReview: OUTCOME.release,
      onRejection: OUTCOME.arbiter,
      fallbackShare: SHARE,
      reviewTime: REVIEW,
      responseTime: RESPONSE,
      rulingTime: RULING,
      ...rules,
    },
    milestones: AMOUNTS.map((amount, i) => ({ amount, due: start + (i + 1) * 10 * DAY })),
    ...over,
  };
}

/** Three instalments due 10, 20 and 30 days from now, a quarter of each retained. */
export async function saleTerms(
  world: World,
  { rules, ...over }: Omit<Partial<Terms>, "rules"> & { rules?: Partial<Rules> } = {},
): Promise<Terms> {
  const saleRules = { onNoSubmission: 0, onNoReview: 0, onRejection: 0, retainedShare: 2_500, ...rules };
  return { ...(await workTerms(world, { ...over, rules: saleRules })), kind: KIND.sale };
}

export const termsDomain = (agreements: BaseContract): Promise<Domain> =>
  domainOf(agreements as Contract, "Skrumble Agreements");
export const escrowDomain = (escrow: BaseContract): Promise<Domain> => domainOf(escrow as Contract, "Skrumble Escrow");

export const signTerms = async (agreements: Contract, signer: Signer, terms: Terms, over: Partial<Domain> = {}) =>
  signer.signTypedData({ version: "1", ...(await termsDomain(agreements)), ...over }, TERMS_TYPES, terms);

/** Everybody's signature, in the order of `terms.signers`; `signing` are the accounts of this test. */
export const signatures = (agreements: Contract, terms: Terms, signing: Record<string, Signer>): Promise<string[]> =>
  Promise.all(terms.signers.map((address) => signTerms(agreements, signing[address] as Signer, terms)));

/** Signed by both and concluded by a stranger; the escrow, called by nobody in particular. */
export async function open(world: World, terms: Terms, signing: Record<string, Signer> = {}): Promise<Contract> {
  const { agreements, payer, payee, stranger } = world;
  const known = { [payer.address]: payer, [payee.address]: payee, ...signing };
  await by(stranger, agreements).conclude(terms, await signatures(agreements, terms, known));
  return ethers.getContractAt("Escrow", await agreements.escrowOf(terms)) as unknown as Promise<Contract>;
}

export const FAR = 10n ** 11n;

const ABOUT = { Fund: "all", Cancel: "all", Sweep: "all", WithdrawTo: "account" } as Record<string, string>;

/** The step an action of this type has to name now. */
export async function stepOf(escrow: Contract, type: TypeName, first: unknown, signer: string): Promise<bigint> {
  if (ABOUT[type] === "all") return escrow.step();
  if (ABOUT[type] === "account") return (await escrow.account(signer)).step;
  return (await escrow.milestone(first)).step;
}

interface Over {
  signer?: string;
  step?: bigint;
  deadline?: bigint;
  value?: bigint;
  domain?: Partial<Domain>;
}

const TYPES_OF: Record<string, [TypeName, ...string[]]> = {
  fund: ["Fund", "first", "count"],
  submit: ["Submit", "index", "evidence"],
  accept: ["Accept", "index", "amount"],
  reject: ["Reject", "index", "reason"],
  refund: ["Refund", "index", "amount"],
  dispute: ["Dispute", "index", "reason"],
  rule: ["Rule", "index", "toPayee"],
  extend: ["Extend", "index", "due"],
  declareDefault: ["DeclareDefault", "index"],
  cancel: ["Cancel", "toPayee"],
  withdrawTo: ["WithdrawTo", "to"],
  sweep: ["Sweep", "token"],
};

/** `as` calls the escrow. */
export async function act(
  escrow: Contract,
  as: Signer,
  verb: string,
  args: unknown[],
  { value, ...over }: Over = {},
): Promise<ContractTransactionResponse> {
  const [type] = TYPES_OF[verb] as [TypeName];
  const signer = await as.getAddress();
  const auth = { signer, deadline: FAR, signature: "0x", step: await stepOf(escrow, type, args[0], signer), ...over };
  return (by(as, escrow)[verb] as Contract["fund"])(...args, auth, { value });
}

/** The authorisation `signer` gives for others to submit. */
export async function authorisation(
  escrow: Contract,
  signer: Signer,
  verb: string,
  args: unknown[],
  { domain, value: _, ...over }: Over = {},
) {
  const [type, ...names] = TYPES_OF[verb] as [TypeName, ...string[]];
  const address = over.signer ?? (await signer.getAddress());
  const auth = { signer: address, deadline: FAR, step: await stepOf(escrow, type, args[0], address), ...over };
  const message = Object.fromEntries(names.map((name, i) => [name, args[i]]));
  const signature = await sign(signer, { ...(await escrowDomain(escrow)), ...domain }, type, { ...message, ...auth });
  return { ...auth, signature };
}

/** `signer` signs, `submitter` submits. */
export async function relay(
  escrow: Contract,
  signer: Signer,
  submitter: Signer,
  verb: string,
  args: unknown[],
  over: Over = {},
): Promise<ContractTransactionResponse> {
  const auth = await authorisation(escrow, signer, verb, args, over);
  return (by(submitter, escrow)[verb] as Contract["fund"])(...args, auth);
}

/** Work under `terms` (as workTerms) with everything funded by the payer. */
export async function funded(world: World, terms: Terms, signing: Record<string, Signer> = {}): Promise<Contract> {
  const escrow = await open(world, terms, signing);
  const payer = signing[terms.payer] ?? world.payer;
  if (terms.token !== ethers.ZeroAddress) await by(payer, world.token).approve(escrow, ethers.MaxUint256);
  const coin = terms.token === ethers.ZeroAddress;
  await act(escrow, payer, "fund", [0n, BigInt(terms.milestones.length)], coin ? { value: WHOLE } : {});
  return escrow;
}

export const EVIDENCE = hash("the work");
export const REASON = hash("a reason");

/** A world with work under these rules, everything funded; without an arbiter when there is no time to rule. */
export async function workingUnder(rules: Partial<Rules>) {
  const world = await deployAgreements();
  const over = rules.rulingTime === 0 ? { arbiter: ethers.ZeroAddress } : {};
  return { ...world, world, escrow: await funded(world, await workTerms(world, { rules, ...over })) };
}

export const working = () => workingUnder({});

/** Nothing funded yet, the payer's tokens approved. */
export async function unfunded() {
  const world = await deployAgreements();
  const escrow = await open(world, await workTerms(world));
  await by(world.payer, world.token).approve(escrow, ethers.MaxUint256);
  return { ...world, world, escrow };
}

export const state = async (escrow: Contract, index = 0n): Promise<bigint> => (await escrow.milestone(index)).state;

/** What payer and payee have. */
export const balances = async ({ token, payer, payee }: World): Promise<bigint[]> => [
  await token.balanceOf(payer.address),
  await token.balanceOf(payee.address),
];
