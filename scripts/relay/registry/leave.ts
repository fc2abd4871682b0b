import type { Address, LocalAccount } from "viem";
import { createSender } from "../../deploy/sender.ts";
import type { Deployment } from "../../deploy/types.ts";
import { ownRelay, registryAbi } from "./ownRelay.ts";

export interface LeaveOptions {
  rpcUrl: string;
  deployment: Deployment;
  operator: LocalAccount;
  /** Its number in the registry, or its anchor key. */
  which: number | Address;
}

export interface Leaving {
  id: number;
  /** In the smallest units of SKM. */
  stake: bigint;
  /** When the stake may be withdrawn, in Unix seconds; undefined: it is withdrawn now. */
  withdrawableAt: number | undefined;
}

/** Takes a relay out of service, or, once the time of unbonding is over, pays its stake back to the operator. Safe to repeat. */
export async function leaveRegistry({ rpcUrl, deployment, operator, which }: LeaveOptions): Promise<Leaving> {
  const registry = deployment.contracts.relayRegistry;
  const sender = createSender({ rpcUrl, chainId: deployment.chainId, account: operator });
  await sender.settled();
  const { id, entry } = await ownRelay(sender, registry, which);
  const { stake } = entry;
  let until = Number(entry.unbondingAt);
  if (until === 0) {
    await sender.send(registry, registryAbi, "requestUnbond", [id]);
    until = Number((await ownRelay(sender, registry, id)).entry.unbondingAt);
  }
  // The chain's clock decides, not this machine's.
  const { timestamp } = await sender.client.getBlock();
  if (timestamp < until) return { id, stake, withdrawableAt: until };
  await sender.send(registry, registryAbi, "withdraw", [id, sender.address]);
  return { id, stake, withdrawableAt: undefined };
}
