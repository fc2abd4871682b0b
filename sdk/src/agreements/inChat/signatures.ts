import { parseAbi } from "viem";
import { isContract } from "../../chain/actions/isContract.ts";
import { type Chain, readContract } from "../../chain/chain.ts";
import { RpcError } from "../../chain/rpc.ts";
import { codeOf } from "../../errors/index.ts";
import { agreementsAbi } from "../../generated/index.ts";
import { isSignedBy } from "../../identity/wallet.ts";
import type { AgreementVersion, Told } from "../../types/agreed.ts";
import type { Address, Hex, MessageId } from "../../types/primitives.ts";
import { agreementIdOf, termsOf, termsTypedData } from "../termsOf.ts";
import type { SaidSignature } from "./said.ts";

const erc1271 = parseAbi(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);
const valid = "0x1626ba7e";
/** Half the order of secp256k1: the contract takes the lower of the two equivalent signatures only. */
const maxS = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

const ids = new WeakMap<AgreementVersion["draft"], Hex>();

export function idOf(chain: Chain, { draft }: Pick<AgreementVersion, "draft">): Hex {
  const id = ids.get(draft) ?? agreementIdOf(termsOf(draft), chain.network);
  ids.set(draft, id);
  return id;
}

/** Whether a wallet without code signed this version, as the contract takes it: 65 bytes, v of 27 or 28, the lower s. */
export async function isKeySignature(chain: Chain, { version, wallet, signature }: SaidSignature): Promise<boolean> {
  if (signature.length !== 132 || !/1[bc]$/.test(signature) || BigInt(`0x${signature.slice(66, 130)}`) > maxS)
    return false;
  return isSignedBy(termsTypedData(termsOf(version.draft), chain.network), signature, wallet);
}

/** What was found out, for a moment: by signature. */
const found = new WeakMap<Chain, Map<string, { until: number; good: boolean }>>();
const moment = 20_000;
const maxFound = 1024;

/**
 * Whether the contract takes a signature under this version: an account with code is asked (EIP-1271), of any other its key
 * decides. Two operators agree.
 * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, ABORTED
 */
export async function isGood(chain: Chain, one: SaidSignature, signal?: AbortSignal): Promise<boolean> {
  const known = found.get(chain) ?? new Map<string, { until: number; good: boolean }>();
  found.set(chain, known);
  const key = `${idOf(chain, one.version)} ${one.wallet} ${one.signature}`;
  const before = known.get(key);
  if (before && before.until > Date.now()) return before.good;
  const good = (await isContract(chain, one.wallet, signal, true))
    ? await isApproved(chain, one, signal)
    : await isKeySignature(chain, one);
  if (known.size >= maxFound) known.clear();
  known.set(key, { until: Date.now() + moment, good });
  return good;
}

async function isApproved(
  chain: Chain,
  { version, wallet, signature }: SaidSignature,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const args = [idOf(chain, version), signature] as const;
  const call = { address: wallet, abi: erc1271, functionName: "isValidSignature", args } as const;
  return readContract(chain, call, { quorum: true, signal }).then(
    (answer) => answer === valid,
    (error) => {
      if (error instanceof RpcError || codeOf(error) === "CHAIN_REJECTED") return false;
      throw error;
    },
  );
}

/** Whether a wallet took its signature under a version back, two operators agreeing. */
export const isRetracted = (
  chain: Chain,
  version: AgreementVersion,
  wallet: Address,
  signal?: AbortSignal,
): Promise<boolean> =>
  readContract(
    chain,
    {
      ...{ address: chain.network.contracts.agreements, abi: agreementsAbi },
      ...{ functionName: "isRetracted", args: [idOf(chain, version), wallet] },
    },
    { quorum: true, signal },
  );

/** What is known of each signature; where the chain cannot be asked, what its key alone says. */
export async function toldOf(
  chain: Chain,
  signed: readonly SaidSignature[],
  { asked, signal }: { asked: boolean; signal?: AbortSignal },
): Promise<Map<MessageId, Told>> {
  const told = async (one: SaidSignature): Promise<Told> => {
    if (asked) return (await isGood(chain, one, signal)) ? "true" : "false";
    return (await isKeySignature(chain, one)) ? "true" : "open";
  };
  return new Map(await Promise.all(signed.map(async (one) => [one.message, await told(one)] as const)));
}

/** The good signatures under one version, the first of each party. @throws as {@link isGood} */
export async function goodSignatures(
  chain: Chain,
  signed: readonly SaidSignature[],
  version: AgreementVersion,
  signal: AbortSignal,
): Promise<SaidSignature[]> {
  const under = signed.filter((one) => one.version.id === version.id);
  return firstGood(under, await toldOf(chain, under, { asked: true, signal }));
}

export const firstGood = (signed: readonly SaidSignature[], told: ReadonlyMap<MessageId, Told>): SaidSignature[] =>
  signed
    .filter(({ message }) => told.get(message) === "true")
    .filter(({ wallet }, index, good) => good.findIndex((one) => one.wallet === wallet) === index);
