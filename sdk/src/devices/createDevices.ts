import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { DeviceInfo, Devices, LinkProgress, LinkRequest } from "../types/devices.ts";
import { approveLink } from "./approve.ts";
import { askedBy, askOp, loadAsk, newAskRecord } from "./askRecord.ts";
import { deviceRecords, shownDevice } from "./book.ts";
import { formatLinkAsk, linkCode, linkLifetime } from "./linkText.ts";
import { lookForDevices } from "./notes.ts";
import { type LinkContext, type Linking, receiveLink } from "./receiveLink.ts";
import { deviceNameOf, renameDevice } from "./rename.ts";
import { revokeDevice } from "./revoke.ts";
import { sendings } from "./send.ts";

export interface DevicesRoom {
  verbs: Devices;
  /** After a start: goes on with what is being taken over. */
  resume(): Promise<void>;
  /** Ends a request of this device, for `leave`. */
  stop(): Promise<void>;
}

/** @param joined the client at work. @throws SkrumbleError NOT_JOINED, CLIENT_CLOSED from it */
export function createDevices(context: LinkContext, joined: () => Core, origin: () => string): DevicesRoom {
  let linking: Linking | undefined;
  const { vault, now } = context;

  const begin = (record: Linking["record"]): Linking => {
    const begun = receiveLink(context, record);
    linking = begun;
    const over = () => {
      if (linking === begun) linking = undefined;
    };
    begun.done.then(over, over);
    return begun;
  };

  const link: Devices["link"] = async ({ name, onProgress } = {}) => {
    if (context.signal.aborted) throw new SkrumbleError("CLIENT_CLOSED");
    const wanted = name === undefined ? "" : deviceNameOf(name);
    if (!linking) {
      const before = await loadAsk(vault);
      const holds = before && (before.id !== undefined || now() < before.madeAt + linkLifetime);
      const record = holds ? before : newAskRecord(wanted, now());
      if (!holds) await vault.write([askOp(record)]);
      linking ??= begin(record);
    }
    return requestOf(linking, origin(), onProgress);
  };

  return {
    verbs: {
      list: async () => listDevices(joined()),
      rename: async (key, name) => renameDevice(joined(), key, name),
      revoke: async (key, wallet) => revokeDevice(joined(), key, wallet),
      approve: async (text) => approveLink(joined(), text),
      link,
      transfers() {
        const core = context.core();
        const coming = linking?.transfer();
        return [...(coming ? [coming] : []), ...(core ? sendings(core) : [])];
      },
    },
    async resume() {
      const record = await loadAsk(vault);
      if (record?.id !== undefined && !linking) begin(record);
    },
    async stop() {
      await linking?.cancel();
    },
  };
}

function requestOf(
  { record, done, cancel, ...linking }: Linking,
  origin: string,
  onProgress: ((progress: LinkProgress) => void) | undefined,
): LinkRequest {
  if (onProgress) linking.onProgress(onProgress);
  const ask = askedBy(record);
  return {
    text: formatLinkAsk(origin, ask),
    code: linkCode(ask),
    expiresAt: record.madeAt + linkLifetime,
    done,
    cancel,
  };
}

async function listDevices(core: Core): Promise<DeviceInfo[]> {
  const keys = await lookForDevices(core);
  const records = new Map((await deviceRecords(core)).map((record) => [record.key, record]));
  const devices = keys.map((key) => shownDevice(core, key, records.get(key)));
  return devices.sort((a, b) => Number(b.current) - Number(a.current) || a.name.localeCompare(b.name));
}
