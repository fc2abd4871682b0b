import { expect, test } from "vitest";
import { connect, eventually, joinPerson, openClient } from "../../../test/support/network.ts";
import { createLocalWallet, newWalletKey, readOwnedIdentity, removeDevices } from "../../src/index.ts";
import type { WalletSigner } from "../../src/types/client.ts";
import type { Hex } from "../../src/types/primitives.ts";
import { closeAll, idOf, useNetwork } from "../support/network.ts";

/** Every device lost, or the security code forgotten: what the wallet can do by itself. */

const network = useNetwork();
const options = () => ({ relays: network.urls });

/** A wallet that says what it was asked. */
function counted({ address, signTypedData }: WalletSigner) {
  const asked: string[] = [];
  const wallet: WalletSigner = {
    address,
    signTypedData(typedData) {
      asked.push(typedData.primaryType);
      return signTypedData(typedData);
    },
  };
  return { asked, wallet };
}

test("the wallet alone removes one device, then all; others let go of them, and a new device comes in with the code", async () => {
  const [alice, bob] = await Promise.all([joinPerson(network, "alice"), joinPerson(network, "bob")]);
  await connect(alice, bob);
  const { wallet: real, name: pseudonym, securityCode } = alice;
  const second = await openClient(network);
  await second.join({ wallet: real, pseudonym, securityCode });
  const [first, other] = [alice.client.identity?.deviceKey, second.identity?.deviceKey] as [Hex, Hex];
  const { asked, wallet } = counted(real);
  const before = await readOwnedIdentity(wallet.address, options());
  expect(before).toEqual({ pseudonym, publicId: idOf(alice), devices: [first, other].toSorted() });

  expect((await removeDevices(wallet, [other], options())).devices).toEqual([first]);
  expect(asked).toEqual(["SetController"]);
  expect((await readOwnedIdentity(wallet.address, options()))?.devices).toEqual([first]);
  // The key that every device had changes nothing any more.
  await expect(alice.client.devices.revoke(first)).rejects.toMatchObject({ code: "DEVICE_IS_THIS" });
  const blank = await openClient(network);
  const request = await blank.devices.link();
  request.done.catch(() => undefined);
  const sent = (await alice.client.devices.approve(request.text)).send();
  await expect(sent).rejects.toMatchObject({ code: "DEVICE_NEEDS_WALLET" });

  expect((await removeDevices(wallet, "all", options())).devices).toEqual([]);
  expect(asked).toEqual(["SetController", "SetController"]);
  await closeAll(alice);
  await bob.client.close();
  const bobAgain = await bob.reopen();
  await eventually("bob to notice", async () => {
    const contact = (await bobAgain.contacts.list()).find(({ publicId }) => publicId === idOf(alice));
    return contact?.problem?.code === "IDENTITY_CHANGED";
  });
  await blank.join({ wallet: real, pseudonym, securityCode });
  const devices = [blank.identity?.deviceKey];
  expect(await readOwnedIdentity(wallet.address, options())).toMatchObject({ pseudonym, devices });
  await Promise.all([second.close(), blank.close(), bobAgain.close()]);
});

test("a stranger's wallet, another account, a refusal and devices that are not listed change nothing", async () => {
  const alice = await joinPerson(network, "alice");
  const { wallet } = alice;
  const device = alice.client.identity?.deviceKey as Hex;
  const stranger = createLocalWallet(newWalletKey());
  expect(await readOwnedIdentity(stranger.address, options())).toBeUndefined();
  const unlisted = `0x${"ab".repeat(32)}` as const;
  const never: WalletSigner["signTypedData"] = () => Promise.reject(new Error("was asked for nothing"));
  for (const [signer, devices, code] of [
    [stranger, "all", "WALLET_NO_IDENTITY"],
    [{ address: wallet.address, signTypedData: never }, [device, unlisted], "DEVICE_UNKNOWN"],
    [{ address: wallet.address, signTypedData: never }, ["nonsense" as Hex], "DEVICE_UNKNOWN"],
    [{ address: wallet.address, signTypedData: never }, [], "INPUT_INVALID"],
    // Says that it is the owner's, and signs with its own key.
    [{ ...stranger, address: wallet.address }, "all", "WALLET_CHANGED_ACCOUNT"],
    [{ ...wallet, signTypedData: () => Promise.reject({ code: 4001 }) }, "all", "WALLET_REFUSED"],
    [{ ...wallet, signTypedData: never }, "all", "WALLET_FAILED"],
    [{ ...wallet, chainId: async () => 1 }, "all", "WALLET_WRONG_CHAIN"],
  ] as [WalletSigner, Hex[] | "all", string][]) {
    await expect(removeDevices(signer, devices, options())).rejects.toMatchObject({ code });
  }
  await expect(removeDevices(wallet, "all", { relays: [] })).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
  const signal = AbortSignal.abort();
  await expect(removeDevices(wallet, "all", { ...options(), signal })).rejects.toMatchObject({ code: "ABORTED" });
  expect((await readOwnedIdentity(wallet.address, options()))?.devices).toEqual([device]);
  await removeDevices(wallet, [device], options());
  await expect(removeDevices(wallet, "all", options())).rejects.toMatchObject({ code: "DEVICE_UNKNOWN" });
  await closeAll(alice);
});
