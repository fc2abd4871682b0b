import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { eventually } from "../../../test/support/network.ts";
import { claimPacket } from "../../src/chain/actions/claimPacket.ts";
import { commitName } from "../../src/chain/actions/commitName.ts";
import { createPacket, packetTypedData } from "../../src/chain/actions/createPacket.ts";
import { findPacket } from "../../src/chain/actions/findPacket.ts";
import { readBlock } from "../../src/chain/actions/readBlock.ts";
import { readIdentity } from "../../src/chain/actions/readIdentity.ts";
import { readPacket } from "../../src/chain/actions/readPacket.ts";
import { readTicket } from "../../src/chain/actions/readTicket.ts";
import { registerIdentity, registrationTypedData } from "../../src/chain/actions/registerIdentity.ts";
import { type Chain, createChain } from "../../src/chain/chain.ts";
import { fetchNetwork } from "../../src/chain/network.ts";
import { randomBytes, toHex } from "../../src/crypto/bytes.ts";
import { codeOf } from "../../src/errors/index.ts";
import { linkAt, newSecret } from "../../src/packets/hashChain.ts";
import type { Address, Hex, PublicId } from "../../src/types/primitives.ts";
import { useNetwork } from "../support/network.ts";
import { chainOf } from "../support/skm.ts";

/**
 * Two hundred identities after one packet's key, as they would in a crowd: with the SDK's own calls, on the local chain. A packet has at
 * most a hundred shares, so whoever finds it empty turns to the second one. Blocks are made by the test: as many as are needed.
 */

const network = useNetwork({ relays: 1 });
const crowd = 200;
const shares = 100;
const word = (): Hex => toHex(randomBytes(32));

interface Somebody {
  wallet: PrivateKeyAccount;
  controller: Hex;
  id: bigint;
}

async function register(chain: Chain, count: number): Promise<Somebody[]> {
  const deadline = BigInt((await readBlock(chain)).timestamp + 3600);
  const planned = Array.from({ length: count }, (_, i) => {
    const wallet = privateKeyToAccount(generatePrivateKey());
    const controller = generatePrivateKey();
    const registration = {
      ...{ owner: wallet.address, name: `crowd${i}`, publicId: word() as PublicId, agreementKey: word() },
      ...{ controller: privateKeyToAccount(controller).address, deviceRoot: `0x${"0".repeat(64)}` as Hex, deadline },
    };
    return { wallet, controller, registration, secret: word() };
  });
  await Promise.all(planned.map(({ registration, secret }) => commitName(chain, { ...registration, secret })));
  await Promise.all(
    planned.map(async ({ wallet, registration, secret }) => {
      const signature = await wallet.signTypedData(registrationTypedData(chain, registration) as never);
      await registerIdentity(chain, { registration, secret, devices: [], signature }, { gas: 500_000n });
    }),
  );
  return Promise.all(
    planned.map(async ({ wallet, controller, registration: { publicId } }) => {
      const record = await readIdentity(chain, { publicId });
      return { wallet, controller, id: record?.id as bigint };
    }),
  );
}

/** @returns its number and its key */
async function give(chain: Chain, { wallet }: Somebody): Promise<{ packetId: bigint; key: Hex }> {
  const key = generatePrivateKey();
  const { number, timestamp } = await readBlock(chain);
  const terms = {
    ...{ token: chain.network.contracts.skm, amount: 88n * 10n ** 18n, shares, expiresAt: timestamp + 3600 },
    ...{ key: privateKeyToAccount(key).address, chainHead: linkAt(newSecret(), shares, 0) },
  };
  const request = { terms, creator: wallet.address, validBefore: BigInt(timestamp + 3600) };
  const signature = await wallet.signTypedData(packetTypedData(chain, request) as never);
  await createPacket(chain, { ...request, signature });
  const found = await findPacket(chain, { creator: wallet.address, key: terms.key, from: number });
  return { packetId: BigInt(found?.packetId as number), key };
}

test("200 identities claim two packets of 100 shares at once: within ten blocks everybody has one", async () => {
  const known = await fetchNetwork(network.urls[0] as string);
  const chain = createChain(known, {
    endpoints: () => ["one", "two"].map((operator) => ({ url: network.chain.rpcUrl, operator })),
  });
  const { client, giveSkm, mine } = chainOf(network);
  const ask = (method: string, params: unknown[] = []): Promise<unknown> => client.request({ method, params } as never);
  const people = await register(chain, crowd);
  const [host] = people as [Somebody];
  await giveSkm(host.wallet.address as Address, 1000n * 10n ** 18n);
  const packets = [await give(chain, host), await give(chain, host)];

  await ask("evm_setIntervalMining", [0]);
  const before = await client.getBlockNumber();
  let waiting = crowd;
  const claims = people.map(async ({ id, wallet, controller }) => {
    for (const packet of packets) {
      const share = { ...packet, identityId: id, recipient: wallet.address, controller };
      const taken = await claimPacket(chain, share).catch((error) => {
        if (codeOf(error) !== "PACKET_EMPTY") throw error;
      });
      if (taken) {
        waiting--;
        return packet.packetId;
      }
    }
    throw new Error("Shut out.");
  });
  const all = Promise.all(claims);
  let failed = false;
  all.catch(() => {
    failed = true;
  });
  while (waiting > 0 && !failed) {
    await eventually("everybody who waits to be in the queue", async () => {
      const { pending } = (await ask("txpool_status")) as { pending: Hex };
      return failed || waiting === 0 || Number(pending) === waiting;
    });
    if (waiting > 0) await mine(1);
  }
  const taken = await all;
  expect(Number((await client.getBlockNumber()) - before)).toBeLessThanOrEqual(10);
  await ask("evm_setIntervalMining", [1]);

  for (const { packetId } of packets) {
    expect(taken.filter((one) => one === packetId)).toHaveLength(shares);
    expect(await readPacket(chain, packetId)).toMatchObject({ issued: shares, paid: 0, lucky: true });
  }
  const places = await Promise.all(
    people.map(async ({ id }, i) => {
      const ticket = await readTicket(chain, { packetId: taken[i] as bigint, identityId: id });
      return `${taken[i]} ${ticket?.place}`;
    }),
  );
  expect(new Set(places).size).toBe(crowd);
});
