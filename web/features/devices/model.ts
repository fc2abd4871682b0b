import { create } from "zustand";
import { codeOf } from "../../lib/errors.ts";
import type { Client, DeviceInfo, ErrorCode } from "../../lib/types.ts";
import { guessName } from "./guess-name.ts";

interface DevicesState {
  /** The registry's list as it was read last. */
  devices: DeviceInfo[] | undefined;
  error: ErrorCode | undefined;
  /** Another device has removed this one. */
  revoked: boolean;
}

const initial: DevicesState = { devices: undefined, error: undefined, revoked: false };
export const useDevices = create<DevicesState>(() => initial);

/** Reads the list anew. */
export async function readDevices(client: Client): Promise<void> {
  try {
    useDevices.setState({ devices: await client.devices.list(), error: undefined });
  } catch (failed) {
    useDevices.setState({ error: codeOf(failed) });
  }
}

/** The same; a device without a name gives itself one, which only one's own devices hear. */
export async function introduceDevice(client: Client): Promise<void> {
  await readDevices(client);
  const here = useDevices.getState().devices?.find(({ current }) => current);
  if (here?.name !== "") return;
  // Without a name it is called unnamed, and asked again the next time.
  await client.devices.rename(here.key, guessName(navigator.userAgent)).catch(() => undefined);
}

/** Follows what other devices tell, until the returned function is called. */
export function attachDevices(client: Client): () => void {
  const stops = [
    client.on("device", ({ kind, device }) => {
      const { devices } = useDevices.getState();
      if (!devices) return;
      const others = devices.filter(({ key }) => key !== device.key);
      useDevices.setState({ devices: inOrder(kind === "revoked" ? others : [...others, device]) });
    }),
    client.on("problem", ({ code }) => {
      if (code === "DEVICE_REVOKED") useDevices.setState({ revoked: true });
    }),
    client.on("identity", (identity) => {
      if (!identity) useDevices.setState(initial);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** This one first, then by name: as the SDK's list is. */
const inOrder = (devices: DeviceInfo[]): DeviceInfo[] =>
  devices.toSorted((a, b) => Number(b.current) - Number(a.current) || a.name.localeCompare(b.name));
