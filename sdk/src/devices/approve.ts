import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import { isControllerOf } from "../identity/controller.ts";
import { maxDevices } from "../identity/deviceRoot.ts";
import { readPeer } from "../identity/verifyPeer.ts";
import type { WalletSigner } from "../types/client.ts";
import type { DeviceInfo, LinkApproval, Transfer } from "../types/devices.ts";
import { deviceRecords, shownDevice } from "./book.ts";
import { extentOf } from "./collect.ts";
import { takeController } from "./controller.ts";
import { linkCode, linkLifetime, parseLinkAsk } from "./linkText.ts";
import { lookForDevices } from "./notes.ts";
import { revokeDevice } from "./revoke.ts";
import { sendingOf, startSending } from "./send.ts";
import { newSendRecord, sendIdOf, sendOp, wasUsed } from "./sendRecord.ts";
import { tellList } from "./tellList.ts";

/** Reads a new device's text. @throws see Devices.approve */
export async function approveLink(core: Core, text: string): Promise<LinkApproval> {
  const ask = parseLinkAsk(text, core.now());
  const id = sendIdOf(ask);
  if (await wasUsed(core, id)) throw new SkrumbleError("LINK_USED");
  const devices = await lookForDevices(core, 60_000);
  const oldest = devices.length >= maxDevices ? await oldestOf(core) : undefined;
  return {
    code: linkCode(ask),
    expiresAt: ask.madeAt + linkLifetime,
    ...(oldest ? { oldest } : {}),
    async send({ revoke, wallet, onProgress, signal } = {}) {
      if (signal?.aborted) throw new SkrumbleError("LINK_CANCELLED");
      const sending = sendingOf(core, id) ?? (await begin());
      const cancel = () => void sending.cancel();
      const stopListening = onProgress && sending.onProgress(onProgress);
      signal?.addEventListener("abort", cancel, { once: true });
      try {
        await sending.done;
      } finally {
        stopListening?.();
        signal?.removeEventListener("abort", cancel);
      }

      async function begin(): Promise<Transfer> {
        if (core.now() > ask.madeAt + linkLifetime) throw new SkrumbleError("LINK_EXPIRED");
        if (await wasUsed(core, id)) throw new SkrumbleError("LINK_USED");
        await ensureController(core, wallet);
        if (revoke) await revokeDevice(core, revoke);
        else if (oldest) throw new SkrumbleError("TOO_MANY_DEVICES");
        const record = newSendRecord(ask, await extentOf(core), core.now());
        await core.vault.write([sendOp(record)]);
        return startSending(core, record);
      }
    },
  };
}

/** The new device gets the key that changes the list, and puts itself on it. @throws SkrumbleError DEVICE_NEEDS_WALLET */
async function ensureController(core: Core, wallet: WalletSigner | undefined): Promise<void> {
  const record = await readPeer(core.chain, core.self.identity.publicId, core.signal);
  if (isControllerOf(record, core.self.controller)) return;
  if (!wallet) throw new SkrumbleError("DEVICE_NEEDS_WALLET");
  await takeController(core, record, wallet, (devices) => devices);
  await tellList(core, { controller: true });
}

/** Of the others; one nobody knows the age of counts as older than all. */
async function oldestOf(core: Core): Promise<DeviceInfo | undefined> {
  const records = await deviceRecords(core);
  const others = records.map((record) => shownDevice(core, record.key as `0x${string}`, record));
  const age = ({ lastSeen, since }: DeviceInfo) => lastSeen ?? since ?? 0;
  return others.filter(({ current }) => !current).sort((a, b) => age(a) - age(b))[0];
}
