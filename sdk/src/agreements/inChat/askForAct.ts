import { authorizationTypedData } from "../../chain/eip3009.ts";
import type { Core } from "../../client/core.ts";
import { SkrumbleError } from "../../errors/index.ts";
import { askWallet, ensureChain, hashInDoubt, isHash } from "../../identity/wallet.ts";
import { transferOf } from "../../money/transferOf.ts";
import type { TransactionRequest, WalletSigner } from "../../types/client.ts";
import type { Hex } from "../../types/primitives.ts";
import { escrowTypedData } from "../actOnEscrow.ts";
import { signWith } from "../signWith.ts";
import { escrowActionOf } from "./acts.ts";
import { type ActInHand, keepAct } from "./records.ts";

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
      onSigned({ hash, nonce }) {
        noteSent(pays, hash, nonce);
        return keepAct(core.vault, record);
      },
    };
    try {
      const hash = await askWallet(async () => wallet.sendTransaction?.(request), signal);
      if (!isHash(hash)) throw new SkrumbleError("WALLET_FAILED", { details: "No hash." });
      noteSent(pays, hash);
    } catch (error) {
      // The wallet goes on sending it: what becomes of it is known by that.
      const doubted = hashInDoubt(error);
      if (doubted) noteSent(pays, doubted);
      throw error;
    }
  }
  await keepAct(core.vault, Object.assign(record, { ready: true }));
}

/** A wallet may have sent another one than it had signed: then the number is not that one's. */
function noteSent(pays: NonNullable<ActInHand["pays"]>, hash: Hex, accountNonce?: number): void {
  const transaction = hash.toLowerCase() as Hex;
  if (pays.transaction !== transaction) delete pays.accountNonce;
  Object.assign(pays, { transaction, ...(accountNonce === undefined ? {} : { accountNonce }) });
}
