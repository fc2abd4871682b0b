import { authorizationTypedData } from "../../chain/eip3009.ts";
import type { Core } from "../../client/core.ts";
import { SkrumbleError, throwIfAborted } from "../../errors/index.ts";
import { askWallet, ensureChain, hashInDoubt, isHash, NotSentError, wasNotSent } from "../../identity/wallet.ts";
import { transferOf } from "../../money/transferOf.ts";
import type { TransactionRequest, WalletSigner } from "../../types/client.ts";
import type { Hex } from "../../types/primitives.ts";
import { escrowTypedData } from "../actOnEscrow.ts";
import { signWith } from "../signWith.ts";
import { escrowActionOf } from "./acts.ts";
import { type ActInHand, keepAct } from "./records.ts";

/** So long, in milliseconds, is waited when this client is closed for a wallet that gives up what it was asked. */
const answerWithin = 500;

/** The one prompt. What the wallet agreed to is kept before anything is done with it. @throws what the wallet throws */
export async function askForAct(core: Core, record: ActInHand, wallet: WalletSigner): Promise<void> {
  const { chain, signal } = core;
  const { act, escrow, deadline, step, money, pays } = record;
  const action = act.do === "fund" ? undefined : escrowActionOf(act, money.token);
  if (action) {
    const typed = escrowTypedData(chain.network.chainId, escrow, action, {
      ...{ step: BigInt(step), deadline: BigInt(deadline) },
    });
    record.signature = await signWith(chain, wallet, typed, signal);
  } else if (pays?.nonce) {
    const typed = authorizationTypedData(chain, {
      ...{ from: wallet.address, to: escrow, value: BigInt(pays.amount) },
      ...{ validBefore: BigInt(deadline), nonce: pays.nonce },
    });
    pays.signature = await signWith(chain, wallet, typed, signal);
  } else if (pays) {
    await ensureChain(chain, wallet, signal);
    // From here on the wallet may send it, whether it is heard again or not.
    pays.asked = true;
    await keepAct(core.vault, record);
    const { chainId } = chain.network;
    const call = transferOf({ token: money.token, chainId }, escrow, BigInt(pays.amount));
    const request: TransactionRequest = {
      ...{ ...call, chainId, signal },
      async onSigned({ hash, nonce }) {
        // Nothing is sent where this rejects.
        throwIfAborted(signal);
        noteSent(pays, hash, nonce);
        await keepAct(core.vault, record);
      },
    };
    let answering: Promise<unknown> | undefined;
    try {
      const ask = () => {
        const answer = (async () => wallet.sendTransaction?.(request))();
        answering = answer;
        return answer;
      };
      const hash = await askWallet(ask, signal);
      if (!isHash(hash)) throw new SkrumbleError("WALLET_FAILED", { details: "No hash." });
      noteSent(pays, hash);
    } catch (error) {
      const said = signal.aborted ? await lastWord(answering) : error;
      // The wallet goes on sending it: what becomes of it is known by that.
      const sent = isHash(said) ? said : hashInDoubt(said);
      if (sent) noteSent(pays, sent);
      throw wasNotSent(said) ? said : error;
    }
  }
  await keepAct(core.vault, Object.assign(record, { ready: true }));
}

/** What a wallet says once this client is being closed; undefined where it says nothing. Whoever was never asked has sent nothing. */
async function lastWord(answering: Promise<unknown> | undefined): Promise<unknown> {
  if (!answering) return new NotSentError(new SkrumbleError("ABORTED"));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise((resolve) => {
    timer = setTimeout(resolve, answerWithin);
  });
  try {
    return await Promise.race([answering.catch((error: unknown) => error), silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** A wallet may have sent another one than it had signed: then the number is not that one's. */
function noteSent(pays: NonNullable<ActInHand["pays"]>, hash: Hex, accountNonce?: number): void {
  const transaction = hash.toLowerCase() as Hex;
  if (pays.transaction !== transaction) delete pays.accountNonce;
  Object.assign(pays, { transaction, ...(accountNonce === undefined ? {} : { accountNonce }) });
}
