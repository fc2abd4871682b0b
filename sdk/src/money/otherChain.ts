import { numberToHex, zeroAddress } from "viem";
import { readBalance } from "../chain/actions/readBalance.ts";
import { gasLimit, highestPrice, readGasPrice } from "../chain/actions/readGasPrice.ts";
import type { AnyChain } from "../chain/chain.ts";
import { quorumRequest } from "../chain/quorum.ts";
import { isRefusal } from "../chain/rpc.ts";
import type { Core } from "../client/core.ts";
import { type ErrorCode, SkrumbleError } from "../errors/index.ts";
import type { PaymentElsewhere } from "../types/money.ts";
import type { Address, Hex } from "../types/primitives.ts";
import { payable } from "./chains.ts";
import { transferOf } from "./transferOf.ts";

interface Payment {
  token: Address;
  amount: bigint;
  payer: Address;
  recipient: Address;
}

/** What a payment on another chain than the network's own is besides: its fee, and whether its wallet exists there at all. */
export async function lookOnOtherChain(
  core: Core,
  on: AnyChain,
  payment: Payment,
): Promise<{ elsewhere: PaymentElsewhere; problem?: ErrorCode }> {
  const { token, amount, payer, recipient } = payment;
  const [here, there, coins] = await Promise.all([
    isContractWallet(core.chain, recipient, core.signal),
    isContractWallet(on, recipient, core.signal),
    readBalance(on, zeroAddress, payer, { signal: core.signal }),
  ]);
  const elsewhere = {
    chain: payable(on),
    coin: await core.payments.assets.read({ ...on.network, token: zeroAddress }),
  };
  const told = { ...elsewhere, contract: here || there };
  // Nobody may ever own that address there.
  if (here && !there) return { elsewhere: told, problem: "RECIPIENT_NOT_ON_CHAIN" };
  const fee = await feeOf(core, on, payment);
  if (fee === undefined) return { elsewhere: told, problem: "PAYMENT_REFUSED" };
  const needed = fee + (token === zeroAddress ? amount : 0n);
  return { elsewhere: { ...told, fee }, ...(needed > coins ? { problem: "GAS_OVER_BALANCE" as const } : {}) };
}

/** At most by the prices of now; undefined when the transfer would be refused. */
async function feeOf(
  core: Core,
  on: AnyChain,
  { token, amount, payer, recipient }: Payment,
): Promise<bigint | undefined> {
  const { to, data, value } = transferOf({ ...on.network, token }, recipient, amount);
  const call = { from: payer, to, data, value: numberToHex(value) };
  try {
    const gas = (await on.rpc.request("eth_estimateGas", [call], core.signal)) as Hex;
    if (!/^0x[0-9a-f]{1,16}$/i.test(String(gas)))
      throw new SkrumbleError("CHAIN_REJECTED", { details: "Not what a node answers." });
    return gasLimit(BigInt(gas)) * highestPrice(await readGasPrice(on.rpc, core.signal));
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** An account with a key may also have code, of which it says so itself (EIP-7702). */
async function isContractWallet(chain: AnyChain, wallet: Address, signal: AbortSignal): Promise<boolean> {
  const code = String(await quorumRequest(chain.rpc, "eth_getCode", [wallet, "latest"], signal)).toLowerCase();
  return code !== "0x" && !code.startsWith("0xef0100");
}
