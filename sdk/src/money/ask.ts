import { authorizationTypedData } from "../chain/eip3009.ts";
import type { Core } from "../client/core.ts";
import { toHex } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import { askWallet, signChecked, walletChain, wasNotSent } from "../identity/wallet.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";
import { inHand, keepInHand, letGo, type PaymentInHand, readInHand } from "./inHand.ts";
import { lookAgain } from "./lookAgain.ts";
import type { Reserved } from "./reserve.ts";
import { transferOf } from "./transferOf.ts";

/** Ends when the client is closed, or the person gives this prompt up. */
const either = ({ signal }: Core, { prompt }: Reserved): AbortSignal =>
  AbortSignal.any([signal, prompt.givenUp.signal]);

/** The record is there before the wallet is asked, and the signature before anybody is told. */
export async function askToSign(core: Core, reserved: Reserved, wallet: WalletSigner): Promise<PaymentInHand> {
  const { record, prompt } = reserved;
  const { content, recipient, nonce } = record;
  const typedData = authorizationTypedData(core.chain, {
    ...{ from: content.wallet, to: recipient, value: BigInt(content.amount) },
    ...{ validBefore: BigInt(content.until), nonce: nonce as Hex },
  });
  try {
    const { bytes } = await signChecked(core.chain, wallet, typedData, either(core, reserved));
    if (prompt.givenUp.signal.aborted) throw new SkrumbleError("ABORTED");
    prompt.answered = true;
    const signed = { ...record, signature: toHex(bytes) as Hex };
    await keepInHand(core, signed);
    return signed;
  } catch (error) {
    await letGo(core, record);
    throw error;
  }
}

export async function askToSend(core: Core, reserved: Reserved, wallet: WalletSigner): Promise<PaymentInHand> {
  const { record, prompt, replaces, accountNonce } = reserved;
  const { content, recipient } = record;
  const call = transferOf(content.asset, recipient, BigInt(content.amount));
  const on = core.payments.assets.chains.of(content.asset);
  const request = {
    ...{ ...call, chainId: content.asset.chainId },
    ...(on.further ? { chain: walletChain(on) } : {}),
    ...(accountNonce === undefined ? {} : { nonce: accountNonce }),
  };
  let answering: Promise<unknown> = Promise.resolve();
  try {
    const ask = () => {
      const answer = wallet.sendTransaction?.(request) ?? Promise.resolve(undefined);
      answering = answer;
      return answer;
    };
    const hash = await askWallet(ask, either(core, reserved));
    if (!isHash(hash)) throw new SkrumbleError("WALLET_FAILED", { details: "No hash." });
    prompt.answered = true;
    const sent = sentBy(record, hash);
    await keepInHand(core, sent);
    return sent;
  } catch (error) {
    if (prompt.givenUp.signal.aborted) {
      // The wallet may say so yet.
      answering.then((hash) => noteLate(core, record, hash)).catch(() => undefined);
    } else if (wasNotSent(error) && !replaces) {
      await letGo(core, record);
    }
    throw error;
  }
}

const isHash = (hash: unknown): hash is Hex => typeof hash === "string" && /^0x[0-9a-f]{64}$/i.test(hash);

/** A wallet may have ignored the number of the one that this takes the place of. */
function sentBy({ accountNonce: _, ...record }: PaymentInHand, hash: Hex): PaymentInHand {
  return { ...record, transaction: hash.toLowerCase() as Hex };
}

/** What a wallet sent although nobody waited for it any more, unless it is known what became of it. */
const noteLate = (core: Core, { id }: PaymentInHand, hash: unknown): Promise<void> =>
  core.serial.run(`payment ${id}`, async () => {
    const record = core.signal.aborted ? undefined : await readInHand(core, id);
    if (!record || record.transaction !== undefined || !isHash(hash)) return;
    await keepInHand(core, sentBy(record, hash));
    inHand(core).start(async () => void (await lookAgain(core, record)));
  });
