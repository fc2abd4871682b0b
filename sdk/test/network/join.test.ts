import { secp256k1 } from "@noble/curves/secp256k1.js";
import { hashTypedData } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { describe, expect, test } from "vitest";
import { freshName, joinPerson, openClient } from "../../../test/support/network.ts";
import { createChain, fetchNetwork, readContract } from "../../src/chain/index.ts";
import { fromHex, toHex } from "../../src/crypto/bytes.ts";
import { identityRegistryAbi } from "../../src/generated/index.ts";
import { deviceRoot, sortDevices } from "../../src/identity/deviceRoot.ts";
import { createLocalWallet, formatLink, newWalletKey } from "../../src/index.ts";
import type { JoinStep, WalletSigner } from "../../src/types/client.ts";
import { closeAll, useNetwork } from "../support/network.ts";

const network = useNetwork();

const securityCode = "correct horse battery staple";
const newWallet = () => createLocalWallet(newWalletKey());

/** Signs with fresh randomness every time, as hedged and threshold wallets do. */
function unrepeatableWallet(): WalletSigner {
  const key = newWalletKey();
  return {
    address: privateKeyToAddress(key),
    async signTypedData(typedData) {
      const hash = fromHex(hashTypedData(typedData as Parameters<typeof hashTypedData>[0]));
      const signature = secp256k1.sign(hash, fromHex(key), { prehash: false, extraEntropy: true, format: "recovered" });
      const recovery = signature[0] as number;
      return toHex(new Uint8Array([...signature.subarray(1), 27 + recovery]));
    },
  };
}

describe("one identity on several devices", () => {
  test("the same three inputs give the same public ID in a fresh store", async () => {
    const alice = await joinPerson(network, "alice");
    const before = alice.client.identity;
    await alice.client.close();
    const again = await openClient(network);
    const { wallet, name } = alice;
    const steps: JoinStep[] = [];
    const onProgress = (step: JoinStep) => void steps.push(step);
    const result = await again.join({ wallet, securityCode, pseudonym: name.toUpperCase(), onProgress });
    expect(result.kind).toBe("restored");
    expect(result.identity.publicId).toBe(before?.publicId);
    expect(result.identity.deviceKey).not.toBe(before?.deviceKey);
    expect(steps.filter((step) => step.startsWith("sign"))).toEqual(["sign-identity"]);
    expect(await again.checkName(name, wallet.address)).toEqual({ kind: "yours", normalized: name });
    await again.close();
  });

  test("with the real Argon2id too", async () => {
    const wallet = newWallet();
    const pseudonym = freshName("argon");
    const [one, two] = [
      await openClient(network, { realArgon2: true }),
      await openClient(network, { realArgon2: true }),
    ];
    const first = await one.join({ wallet, pseudonym, securityCode });
    const second = await two.join({ wallet, pseudonym, securityCode });
    expect(second.identity.publicId).toBe(first.identity.publicId);
    await Promise.all([one.close(), two.close()]);
  });

  test("a wrong security code is refused, and changes nothing", async () => {
    const { client, name, wallet } = await joinPerson(network, "alice");
    const other = await openClient(network);
    const wrong = other.join({ wallet, pseudonym: name, securityCode: `${securityCode}!` });
    await expect(wrong).rejects.toMatchObject({ code: "WRONG_SECURITY_CODE" });
    expect(other.identity).toBeUndefined();
    const right = await other.join({ wallet, pseudonym: name, securityCode });
    expect(right.identity.publicId).toBe(client.identity?.publicId);
    await Promise.all([client.close(), other.close()]);
  });

  test("a wallet that cannot repeat a signature gets a backup, and comes back with it", async () => {
    const wallet = unrepeatableWallet();
    const pseudonym = freshName("hedged");
    const client = await openClient(network);
    const result = await client.join({ wallet, pseudonym, securityCode });
    if (result.kind !== "registered-with-backup") throw new Error(`expected a backup, got ${result.kind}`);
    const { backup } = result;
    const other = await openClient(network);
    const join = (input: { securityCode: string; backup?: Uint8Array }) => other.join({ wallet, pseudonym, ...input });
    await expect(join({ securityCode })).rejects.toMatchObject({ code: "WRONG_SECURITY_CODE" });
    await expect(join({ securityCode: "wrong", backup })).rejects.toMatchObject({ code: "WRONG_SECURITY_CODE" });
    await expect(join({ securityCode, backup: backup.slice(1) })).rejects.toMatchObject({ code: "BACKUP_INVALID" });
    const restored = await join({ securityCode, backup });
    expect(restored.identity.publicId).toBe(result.identity.publicId);
    await Promise.all([client.close(), other.close()]);
  });
});

describe("wallets", () => {
  const joinWith = async (wallet: WalletSigner, signal?: AbortSignal) => {
    const client = await openClient(network);
    try {
      await client.join({ wallet, pseudonym: freshName("wallet"), securityCode, ...(signal ? { signal } : {}) });
    } finally {
      await client.close();
    }
  };

  test.each([
    ["the first signature", "Identity"],
    ["the registration", "Registration"],
  ])("refusing %s ends the attempt, and the next one succeeds", async (_, primaryType) => {
    const wallet = newWallet();
    let refuse = true;
    const moody: WalletSigner = {
      ...wallet,
      async signTypedData(request) {
        if (refuse && request.primaryType === primaryType) throw Object.assign(new Error("rejected"), { code: 4001 });
        return wallet.signTypedData(request);
      },
    };
    await expect(joinWith(moody)).rejects.toMatchObject({ code: "WALLET_REFUSED" });
    refuse = false;
    await joinWith(moody);
  });

  test.each(["Identity", "Registration"])("another account signing the %s is noticed", async (primaryType) => {
    const [wallet, other] = [newWallet(), newWallet()];
    const changing: WalletSigner = {
      ...wallet,
      signTypedData: (request) => (request.primaryType === primaryType ? other : wallet).signTypedData(request),
    };
    await expect(joinWith(changing)).rejects.toMatchObject({ code: "WALLET_CHANGED_ACCOUNT" });
  });

  test("another chain is switched, or told", async () => {
    let chainId = 1;
    const elsewhere: WalletSigner = { ...newWallet(), chainId: async () => chainId };
    await expect(joinWith(elsewhere)).rejects.toMatchObject({ code: "WALLET_WRONG_CHAIN" });
    await joinWith({
      ...elsewhere,
      async switchChain({ id }) {
        chainId = id;
      },
    });
    expect(chainId).toBe(network.chain.chainId);
  });

  test("a wallet has one identity", async () => {
    const { client, wallet, name } = await joinPerson(network, "first");
    await expect(joinWith(wallet)).rejects.toMatchObject({ code: "WALLET_HAS_IDENTITY", values: { name } });
    await client.close();
  });

  test("the person can cancel while the wallet waits", async () => {
    const abort = new AbortController();
    const silent: WalletSigner = {
      ...newWallet(),
      signTypedData: () => {
        abort.abort();
        return new Promise(() => undefined);
      },
    };
    await expect(joinWith(silent, abort.signal)).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("pseudonyms", () => {
  test("one that is taken is refused before the wallet is asked", async () => {
    const { client, name } = await joinPerson(network, "taken");
    const other = await openClient(network);
    const neverAsked: WalletSigner = {
      ...newWallet(),
      signTypedData: () => Promise.reject(new Error("the wallet was asked")),
    };
    expect(await other.checkName(` ${name.toUpperCase()} `)).toEqual({ kind: "taken", normalized: name });
    const join = other.join({ wallet: neverAsked, pseudonym: name, securityCode });
    await expect(join).rejects.toMatchObject({ code: "NAME_TAKEN" });
    await Promise.all([client.close(), other.close()]);
  });

  test.each([
    ["p\u0430ypal", "look-alike", "NAME_LOOK_ALIKE"],
    ["x".repeat(65), "too-long", "NAME_TOO_LONG"],
    ["ab", "too-short", "NAME_TOO_SHORT"],
    ["two words", "forbidden-character", "NAME_FORBIDDEN_CHARACTER"],
    [" ", "empty", "NAME_EMPTY"],
  ])("%j is refused: %s", async (pseudonym, reason, code) => {
    const client = await openClient(network);
    expect(await client.checkName(pseudonym)).toEqual({ kind: "invalid", reason });
    await expect(client.join({ wallet: newWallet(), pseudonym, securityCode })).rejects.toMatchObject({ code });
    await client.close();
  });

  test("two people after the same one in the same block: one gets it, the other is told", async () => {
    const pseudonym = freshName("wanted");
    const clients = await Promise.all([openClient(network), openClient(network)]);
    // Neither registers before both have been asked, so that both reveal together.
    let waiting = 0;
    const { promise: both, resolve } = Promise.withResolvers<void>();
    const results = await Promise.allSettled(
      clients.map((client) => {
        const wallet = newWallet();
        const signTypedData: WalletSigner["signTypedData"] = async (request) => {
          if (request.primaryType === "Registration" && ++waiting === 2) resolve();
          if (request.primaryType === "Registration") await both;
          return wallet.signTypedData(request);
        };
        return client.join({ wallet: { ...wallet, signTypedData }, pseudonym, securityCode });
      }),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const lost = results.find((result) => result.status === "rejected");
    expect(lost?.reason).toMatchObject({ code: "NAME_TAKEN" });
    await Promise.all(clients.map((client) => client.close()));
  });
});

describe("finding people", () => {
  test("by pseudonym and by link; nobody, oneself and nonsense are told apart", async () => {
    const [alice, bob] = await Promise.all([joinPerson(network, "alice"), joinPerson(network, "bob")]);
    const bobIs = { publicId: bob.client.identity?.publicId, pseudonym: bob.name };
    const { contacts } = alice.client;
    expect(await contacts.find(bob.name)).toMatchObject(bobIs);
    expect(await contacts.find(bob.client.link())).toMatchObject(bobIs);
    const nobody = formatLink(network.urls[0] as string, {
      pseudonym: "nobody",
      publicId: toHex(new Uint8Array(32).fill(5)),
    });
    await expect(contacts.find(nobody)).rejects.toMatchObject({ code: "PERSON_NOT_FOUND" });
    await expect(contacts.find(freshName("nobody"))).rejects.toMatchObject({ code: "NAME_NOT_FOUND" });
    await expect(contacts.find(alice.name)).rejects.toMatchObject({ code: "CONTACT_IS_SELF" });
    await expect(contacts.find("https://example.org/")).rejects.toMatchObject({ code: "LINK_INVALID" });
    await expect(contacts.find("p\u0430ypal")).rejects.toMatchObject({ code: "NAME_LOOK_ALIKE" });
    await expect(contacts.request(toHex(new Uint8Array(32).fill(5)))).rejects.toMatchObject({
      code: "PERSON_NOT_FOUND",
    });
    await closeAll(alice, bob);
  });

  test("a newcomer has the starting tier", async () => {
    const { client } = await joinPerson(network, "tier");
    const tier = await client.tier();
    expect(tier.credit).toBeGreaterThan(0n);
    expect(tier.balance).toBe(0n);
    expect(tier.entitlements.video).toBe(true);
    await client.close();
  });
});

test("the device root is computed as the registry does", async () => {
  const info = await fetchNetwork(network.urls[0] as string);
  const chain = createChain(info, {
    endpoints: () => network.urls.map((url) => ({ url: `${url}/rpc`, operator: url })),
  });
  for (const count of [0, 1, 2, 3, 7, 64]) {
    const devices = sortDevices(Array.from({ length: count }, () => crypto.getRandomValues(new Uint8Array(32))));
    const call = { address: info.contracts.identityRegistry, abi: identityRegistryAbi };
    const args = [devices.map(toHex)] as const;
    const root = await readContract(chain, { ...call, functionName: "computeDeviceRoot", args }, { quorum: true });
    expect(toHex(deviceRoot(devices))).toBe(root);
  }
});

test("a client without an identity says so", async () => {
  const client = await openClient(network);
  await expect(client.tier()).rejects.toMatchObject({ code: "NOT_JOINED" });
  expect(() => client.link()).toThrowError(expect.objectContaining({ code: "NOT_JOINED" }));
  await client.close();
  await expect(client.contacts.list()).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
});
