import { decodeAbiParameters, encodeFunctionData, erc20Abi, hexToBytes } from "viem";
import { cleanLine } from "../../conversation/content/text.ts";
import { SkrumbleError } from "../../errors/index.ts";
import { skmAbi } from "../../generated/index.ts";
import type { Address, Hex } from "../../types/primitives.ts";
import type { AnyChain } from "../chain.ts";
import { quorumRequest } from "../quorum.ts";
import { isRefusal } from "../rpc.ts";

/** What a token says of itself. */
export interface TokenWords {
  symbol: string;
  name: string;
  decimals: number;
  /** It says how many; 0 is taken where it does not. */
  saysDecimals: boolean;
  /** It knows EIP-3009. */
  authorizes: boolean;
}

export const maxSymbol = 16;
export const maxAssetName = 64;
const mostDecimals = 77;
const nobody: Address = "0x0000000000000000000000000000000000000001";
const nonce: Hex = `0x${"0".repeat(64)}`;
/** Of an answer, in hex digits: far more than any name that is shown. */
const maxWords = 4096;

/**
 * Reads a token's words, two operators agreeing: one that lies about the decimals would have people pay a thousand times too
 * much. Words are cut and cleaned; a token may also answer with bytes32, as old ones do, or with nothing.
 * @throws SkrumbleError ASSET_UNKNOWN (nothing there that behaves like a token), CHAIN_UNREACHABLE, CHAIN_REJECTED,
 * QUORUM_FAILED, ABORTED
 */
export async function readToken(chain: AnyChain, token: Address, signal?: AbortSignal): Promise<TokenWords> {
  const ask = (data: Hex) => answerOf(chain, token, data, signal);
  const call = (functionName: "decimals" | "symbol" | "name") =>
    ask(encodeFunctionData({ abi: erc20Abi, functionName }));
  const balanceOf = encodeFunctionData({ abi: erc20Abi, functionName: "balanceOf", args: [nobody] });
  const isUsed = encodeFunctionData({ abi: skmAbi, functionName: "authorizationState", args: [nobody, nonce] });
  const [balance, decimals, symbol, name, state] = await Promise.all([
    ask(balanceOf),
    call("decimals"),
    call("symbol"),
    call("name"),
    ask(isUsed),
  ]);
  const said = numberOf(decimals);
  const places = said ?? 0n;
  if (numberOf(balance) === undefined || places > mostDecimals) throw new SkrumbleError("ASSET_UNKNOWN");
  return {
    symbol: wordsOf(symbol, maxSymbol) || `${token.slice(0, 6)}…`,
    name: wordsOf(name, maxAssetName),
    decimals: Number(places),
    saysDecimals: said !== undefined,
    authorizes: numberOf(state) !== undefined,
  };
}

/** The decimals alone; undefined where the token says none, or more than any has. @throws as {@link readToken} */
export async function readDecimals(chain: AnyChain, token: Address, signal?: AbortSignal): Promise<number | undefined> {
  const data = encodeFunctionData({ abi: erc20Abi, functionName: "decimals" });
  const said = numberOf(await answerOf(chain, token, data, signal));
  return said === undefined || said > mostDecimals ? undefined : Number(said);
}

/** Undefined where the token refuses. */
async function answerOf(
  chain: AnyChain,
  to: Address,
  data: Hex,
  signal: AbortSignal | undefined,
): Promise<Hex | undefined> {
  try {
    return (await quorumRequest(chain.rpc, "eth_call", [{ to, data }, "latest"], signal)) as Hex;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

const numberOf = (answer: Hex | undefined): bigint | undefined =>
  answer !== undefined && /^0x[0-9a-f]{64}$/i.test(answer) ? BigInt(answer) : undefined;

function wordsOf(answer: Hex | undefined, max: number): string {
  if (answer === undefined || answer.length > maxWords) return "";
  return cleanLine(textOf(answer), max);
}

function textOf(answer: Hex): string {
  try {
    if (answer.length !== 66) return decodeAbiParameters([{ type: "string" }], answer)[0];
    const bytes = hexToBytes(answer);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  } catch {
    return "";
  }
}
