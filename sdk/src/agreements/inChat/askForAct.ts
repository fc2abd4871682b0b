import { authorizationTypedData } from "../../chain/eip3009.ts";
import type { Core } from "../../client/core.ts";
import { SkrumbleError } from "../../errors/index.ts";
import { askWallet, ensureChain } from "../../identity/wallet.ts";
import { transferOf } from "../../money/transferOf.ts";
import type { WalletSigner } from "../../types/client.ts";
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
    const request = { ...call, chainId, signal };
    const hash = await askWallet(async () => wallet.sendTransaction?.(request), signal);
    if (!/^0x[0-9a-f]{64}$/i.test(hash ?? "")) throw new SkrumbleError("WALLET_FAILED", { details: "No hash." });
    pays.transaction = hash?.toLowerCase() as Hex;
  }
  await keepAct(core.vault, Object.assign(record, { ready: true }));
}
