import { encodeFunctionData } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { claimPacket } from "../../sdk/src/chain/actions/claimPacket.ts";
import { createPacket, packetTypedData } from "../../sdk/src/chain/actions/createPacket.ts";
import { findPacket } from "../../sdk/src/chain/actions/findPacket.ts";
import { readBlock } from "../../sdk/src/chain/actions/readBlock.ts";
import { readDeadline } from "../../sdk/src/chain/actions/readDeadline.ts";
import { readIdentity } from "../../sdk/src/chain/actions/readIdentity.ts";
import { readPacket } from "../../sdk/src/chain/actions/readPacket.ts";
import { readTicket } from "../../sdk/src/chain/actions/readTicket.ts";
import type { Chain } from "../../sdk/src/chain/chain.ts";
import { authorizationTypedData } from "../../sdk/src/chain/eip3009.ts";
import { simulate } from "../../sdk/src/chain/simulate.ts";
import { submit } from "../../sdk/src/chain/submit.ts";
import { randomBytes, toHex } from "../../sdk/src/crypto/bytes.ts";
import { skmAbi } from "../../sdk/src/generated/index.ts";
import { joinIdentity } from "../../sdk/src/identity/join.ts";
import { createLocalWallet } from "../../sdk/src/identity/localWallet.ts";
import { verifyPayment } from "../../sdk/src/money/verify.ts";
import type { Address, Hex, PublicId } from "../../sdk/src/types/primitives.ts";

export const securityCode = "correct horse battery staple";

/** Somebody with an identity. */
export interface Member {
  id: bigint;
  publicId: PublicId;
  wallet: PrivateKeyAccount;
  controller: Hex;
}

/** The SDK's own join up to the identity on chain; only the security code is stretched in no time, which is measured by itself. */
export async function join(chain: Chain, pseudonym: string, key: Hex): Promise<Member> {
  const outcome = await joinIdentity(
    {
      ...{ chain, now: Date.now, onProgress() {}, signal: undefined },
      argon2: async () => new Uint8Array(32),
      backups: { list: async () => [], keep: async () => {} },
    },
    { wallet: createLocalWallet(key), pseudonym, securityCode },
  );
  const { record, keys } = outcome;
  return {
    ...{ id: record.id, publicId: keys.publicId },
    ...{ wallet: privateKeyToAccount(key), controller: keys.controller },
  };
}

/** A payment of SKM as the client brings it to the chain, with everything it asks before and afterwards; only its pauses are left out. */
export async function pay(
  chain: Chain,
  { from, to, amount, nonce }: { from: Member; to: Member; amount: bigint; nonce: Hex },
): Promise<void> {
  const signal = new AbortController().signal;
  const { skm } = chain.network.contracts;
  const now = Date.now();
  const until = await readDeadline(chain, now, signal);
  const { number } = await readBlock(chain, undefined, signal);
  const parties = { from: from.wallet.address, to: to.wallet.address };
  const authorization = { ...parties, value: amount, validBefore: until, nonce };
  const signature = await from.wallet.signTypedData(authorizationTypedData(chain, authorization) as never);
  const claim = {
    asset: { chainId: chain.network.chainId, token: skm.toLowerCase() as Address },
    ...{ amount: String(amount), from: from.publicId, to: to.publicId, nonce, at: now },
    ...{ wallet: from.wallet.address.toLowerCase() as Address, block: Number(number), until: Number(until) },
  };
  if ((await verifyPayment(chain, claim, signal)).state !== "open") throw new Error("paid before it was sent");
  const data = encodeFunctionData({
    abi: skmAbi,
    functionName: "transferWithAuthorization",
    args: [parties.from, parties.to, amount, 0n, until, nonce, signature],
  });
  await simulate(chain, { to: skm, data }, signal);
  await submit(chain, { to: skm, data, abi: skmAbi });
  const { state } = await verifyPayment(chain, claim, signal);
  // Open: the relay asked now may be a block behind, and the client looks again later.
  if (state !== "final" && state !== "open") throw new Error(`a payment is ${state}`);
}

/** A packet with equal shares for so many. @returns its number and its key */
export async function give(chain: Chain, { wallet }: Member, shares: number): Promise<{ packetId: bigint; key: Hex }> {
  const key = generatePrivateKey();
  const { number, timestamp } = await readBlock(chain);
  const terms = {
    ...{ token: chain.network.contracts.skm, amount: BigInt(shares) * 10n ** 18n, shares },
    ...{ expiresAt: timestamp + 3600, key: privateKeyToAccount(key).address, chainHead: `0x${"0".repeat(64)}` as Hex },
  };
  const request = { terms, creator: wallet.address, validBefore: BigInt(timestamp + 3600) };
  const signature = await wallet.signTypedData(packetTypedData(chain, request) as never);
  await createPacket(chain, { ...request, signature });
  for (let tries = 0; tries < 40; tries++) {
    const found = await findPacket(chain, { creator: wallet.address, key: terms.key, from: number });
    if (found) return { packetId: BigInt(found.packetId), key };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error("the packet is in no block");
}

/** Takes a share, with what the client asks of relays before; where the packet came from was looked at when it was shown. */
export async function claim(chain: Chain, member: Member, packet: { packetId: bigint; key: Hex }): Promise<void> {
  const quorum = { quorum: true };
  const { packetId } = packet;
  if (!(await readPacket(chain, packetId, quorum))) throw new Error("no such packet");
  const own = await readIdentity(chain, { publicId: member.publicId }, quorum);
  if (!own) throw new Error("no such identity");
  if (await readTicket(chain, { packetId, identityId: own.id }, quorum)) throw new Error("claimed before");
  await claimPacket(chain, { ...packet, identityId: own.id, recipient: own.owner, controller: member.controller });
}

export const word = (): Hex => toHex(randomBytes(32));
