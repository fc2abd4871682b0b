import { type Address, formatEther, type Hex, type LocalAccount, parseAbi } from "viem";
import { createSender, type Sender } from "../../deploy/sender.ts";
import type { Deployment } from "../../deploy/types.ts";
import { Refusal } from "../../lib/say.ts";
import type { RelayKeys } from "../relayKeys.ts";
import { ownRelay, registryAbi } from "./ownRelay.ts";

const tokenAbi = parseAbi([
  "function balanceOf(address account) view returns (uint256)",
  "function allowance(address owner, address spender) view returns (uint256)",
  "function transfer(address to, uint256 amount) returns (bool)",
  "function approve(address spender, uint256 amount) returns (bool)",
]);

export const ROLE = { mailbox: 1, anchor: 2, turn: 4, bridge: 8, storage: 16 } as const;

export interface RegisterOptions {
  rpcUrl: string;
  deployment: Deployment;
  keys: RelayKeys;
  roles: number;
  region: string;
  endpoint: string;
  /** Pays a stake the operator does not have yet; without it the operator must hold the SKM. */
  patron?: Sender;
}

/** Stakes and registers a relay, or brings its entry up to date; sends nothing when it already is. Returns its number. */
export async function registerRelay(options: RegisterOptions): Promise<number> {
  const { deployment, keys, roles, region, endpoint } = options;
  const { relayRegistry: registry, skm } = deployment.contracts;
  const sender = createSender({ rpcUrl: options.rpcUrl, chainId: deployment.chainId, account: keys.operator });
  const { client } = sender;
  await sender.settled();
  const config = { roles, anchorKey: keys.anchor.address, signingKey: keys.signingKey, region, endpoint };
  const find = () =>
    client.readContract({
      address: registry,
      abi: registryAbi,
      functionName: "relayByAnchorKey",
      args: [keys.anchor.address],
    });

  const id = await find();
  if (id !== 0) {
    const entry = await client.readContract({ address: registry, abi: registryAbi, functionName: "relay", args: [id] });
    const same =
      entry.roles === roles &&
      entry.region === region &&
      entry.endpoint === endpoint &&
      entry.signingKey === keys.signingKey;
    if (!same) await sender.send(registry, registryAbi, "update", [id, config, "0x"]);
    return id;
  }
  const stake = await client.readContract({ address: registry, abi: registryAbi, functionName: "minimumStake" });
  const read = (functionName: "balanceOf" | "allowance", args: [Address] | [Address, Address]) =>
    client.readContract({ address: skm, abi: tokenAbi, functionName, args } as never) as Promise<bigint>;
  const [balance, allowance] = await Promise.all([
    read("balanceOf", [sender.address]),
    read("allowance", [sender.address, registry]),
  ]);
  if (balance < stake && !options.patron) {
    throw new Refusal(
      `The stake is ${formatEther(stake)} SKM and the operator ${sender.address} holds ${formatEther(balance)}. Send it the rest and run this again.`,
    );
  }
  await Promise.all([
    balance < stake ? options.patron?.send(skm, tokenAbi, "transfer", [sender.address, stake - balance]) : undefined,
    allowance < stake ? sender.send(skm, tokenAbi, "approve", [registry, stake]) : undefined,
  ]);
  const proof = await anchorProof(keys.anchor, sender.address, deployment);
  await sender.send(registry, registryAbi, "register", [config, stake, proof]);
  return await find();
}

export interface RotateOptions {
  rpcUrl: string;
  deployment: Deployment;
  operator: LocalAccount;
  /** The relay's number in the registry, or its anchor key of now. */
  which: number | Address;
  /** What the entry is to name from now on; the operator stays. */
  next: RelayKeys;
}

/** Names a relay's new keys in its entry, which keeps number, stake and the rest. Sends nothing when they are there already. */
export async function rotateRelayKeys({ rpcUrl, deployment, operator, which, next }: RotateOptions): Promise<number> {
  const registry = deployment.contracts.relayRegistry;
  const sender = createSender({ rpcUrl, chainId: deployment.chainId, account: operator });
  await sender.settled();
  const done = await sender.client.readContract({
    address: registry,
    abi: registryAbi,
    functionName: "relayByAnchorKey",
    args: [next.anchor.address],
  });
  if (done !== 0) return done;
  const { id, entry } = await ownRelay(sender, registry, which);
  if (entry.unbondingAt !== 0n) throw new Refusal(`Relay ${id} has left; it takes no new keys.`);
  const { roles, region, endpoint } = entry;
  const config = { roles, region, endpoint, anchorKey: next.anchor.address, signingKey: next.signingKey };
  const proof = await anchorProof(next.anchor, sender.address, deployment);
  await sender.send(registry, registryAbi, "update", [id, config, proof]);
  return id;
}

/** The anchor key's word that it belongs to this operator; see IRelayRegistry. */
function anchorProof(anchor: LocalAccount, operator: Address, deployment: Deployment): Promise<Hex> {
  return anchor.signTypedData({
    domain: {
      name: "Skrumble RelayRegistry",
      version: "1",
      chainId: deployment.chainId,
      verifyingContract: deployment.contracts.relayRegistry,
    },
    types: { AnchorKey: [{ name: "operator", type: "address" }] },
    primaryType: "AnchorKey",
    message: { operator },
  });
}
