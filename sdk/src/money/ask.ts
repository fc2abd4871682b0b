import { authorizationTypedData } from "../chain/eip3009.ts";
import type { Core } from "../client/core.ts";
import { toHex } from "../crypto/bytes.ts";
import { SkrumbleError, throwIfAborted } from "../errors/index.ts";
import { askWallet, hashInDoubt, isHash, signChecked, walletChain, wasNotSent } from "../identity/wallet.ts";
import type { TransactionRequest, WalletSigner } from "../types/client.ts";
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
  const { record, prompt, accountNonce, instead } = reserved;
  const { content, recipient } = record;
  const call = transferOf(content.asset, recipient, BigInt(content.amount));
  const on = core.payments.assets.chains.of(content.asset);
  let signed: Signed | undefined;
  const request: TransactionRequest = {
    ...{ ...call, chainId: content.asset.chainId },
    ...(on.further ? { chain: walletChain(on) } : {}),
    ...(accountNonce === undefined ? {} : { nonce: accountNonce }),
    ...(instead === undefined ? {} : { replaces: instead }),
    signal: either(core, reserved),
    onSigned: async (told) => {
      await noteSigned(core, reserved, told);
      signed = told;
    },
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
    const sent = sentBy(record, hash, signed);
    await keepInHand(core, sent);
    return sent;
  } catch (error) {
    const doubted = hashInDoubt(error);
    if (prompt.givenUp.signal.aborted) {
      // The wallet may say so yet.
      const said = answering.catch(hashInDoubt);
      said.then((hash) => noteLate(core, record, hash)).catch(() => undefined);
    } else if (doubted) {
      // It goes its way, as what any wallet says it has sent.
      await keepInHand(core, sentBy(record, doubted, signed));
    } else if (wasNotSent(error)) {
      await undo(core, reserved);
    }
    throw error;
  }
}

interface Signed {
  hash: Hex;
  nonce: number;
}

/**
 * The number is known before anything can be sent with it: whoever pays the same in its place guesses none. In turn with those: one
 * that is given up is not sent any more.
 */
const noteSigned = (core: Core, { record, prompt }: Reserved, { hash, nonce }: Signed): Promise<void> =>
  core.serial.run("pay", async () => {
    throwIfAborted(prompt.givenUp.signal);
    // The wallet did not wait for this to be written, and what it did not send was let go of.
    const kept = await readInHand(core, record.id);
    if (!kept) throw new SkrumbleError("ABORTED");
    // Unless an earlier prompt for it, which was given up, has said meanwhile what it sent.
    if (kept.transaction === record.transaction)
      await keepInHand(core, { ...record, signed: hash.toLowerCase() as Hex, accountNonce: nonce });
  });

/** Nothing was sent by this prompt: what it was to take the place of may still be made, to the wallet that it was for. */
const undo = (core: Core, { record, earlier, prompt }: Reserved): Promise<void> =>
  core.serial.run("pay", async () => {
    // Somebody who gave this up has written down the next one.
    if (prompt.givenUp.signal.aborted) return;
    if (!earlier) return letGo(core, record);
    const late = (await readInHand(core, record.id))?.transaction;
    const { signed, accountNonce } = earlier;
    const told = signed !== undefined && accountNonce !== undefined ? { hash: signed, nonce: accountNonce } : undefined;
    // An earlier prompt may have said meanwhile what it sent.
    await keepInHand(core, late === undefined || late === record.transaction ? earlier : sentBy(earlier, late, told));
  });

/** A wallet may have ignored the number of the one that this takes the place of. */
function sentBy({ accountNonce: _, signed: __, ...record }: PaymentInHand, hash: Hex, signed?: Signed): PaymentInHand {
  const transaction = hash.toLowerCase() as Hex;
  return { ...record, transaction, ...(signed?.hash === transaction ? { accountNonce: signed.nonce } : {}) };
}

/** What a wallet sent although nobody waited for it any more, unless it is known what became of it. */
const noteLate = (core: Core, { id }: PaymentInHand, hash: unknown): Promise<void> =>
  core.serial.run(`payment ${id}`, async () => {
    const record = core.signal.aborted ? undefined : await readInHand(core, id);
    if (!record || record.transaction !== undefined || !isHash(hash)) return;
    await keepInHand(core, sentBy(record, hash));
    inHand(core).start(async () => void (await lookAgain(core, record)));
  });
