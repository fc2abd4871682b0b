import { parseAbi, recoverTypedDataAddress } from "viem";
import { isContract } from "../../chain/actions/isContract.ts";
import { type Chain, readContract } from "../../chain/chain.ts";
import { RpcError } from "../../chain/rpc.ts";
import { agreementsAbi } from "../../generated/index.ts";
import type { AgreementVersion } from "../../types/agreed.ts";
import type { Address, Hex } from "../../types/primitives.ts";
import { agreementIdOf, termsOf, termsTypedData } from "../termsOf.ts";
import type { SaidSignature } from "./said.ts";

const erc1271 = parseAbi(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);
const valid = "0x1626ba7e";

export const idOf = (chain: Chain, { draft }: AgreementVersion): Hex => agreementIdOf(termsOf(draft), chain.network);

/** Whether a wallet signed this version and no other: by its key, or as a contract says (EIP-1271, two operators agreeing). */
export async function isGood(
  chain: Chain,
  { version, wallet, signature }: SaidSignature,
  signal?: AbortSignal,
): Promise<boolean> {
  const typed = termsTypedData(termsOf(version.draft), chain.network);
  const signer = await recoverTypedDataAddress({ ...typed, signature } as Parameters<
    typeof recoverTypedDataAddress
  >[0]).catch(() => undefined);
  if (signer?.toLowerCase() === wallet) return true;
  if (!(await isContract(chain, wallet, signal))) return false;
  const args = [idOf(chain, version), signature] as const;
  const call = { address: wallet, abi: erc1271, functionName: "isValidSignature", args } as const;
  return readContract(chain, call, { quorum: true, signal }).then(
    (answer) => answer === valid,
    (error) => {
      if (error instanceof RpcError) return false;
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

/** The good signatures under one version, the first of each party. */
export async function goodSignatures(
  chain: Chain,
  signed: readonly SaidSignature[],
  version: AgreementVersion,
  signal?: AbortSignal,
): Promise<SaidSignature[]> {
  const good: SaidSignature[] = [];
  for (const one of signed) {
    if (one.version.id !== version.id || good.some(({ wallet }) => wallet === one.wallet)) continue;
    if (await isGood(chain, one, signal)) good.push(one);
  }
  return good;
}
