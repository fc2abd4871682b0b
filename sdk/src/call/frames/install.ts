import type { CallRtc } from "../types.ts";
import type { FrameKind } from "./layout.ts";
import type { FramesMessage, TransformOptions } from "./messages.ts";

/** The encryption worker of one call. */
export interface FrameGuard {
  /** Puts encryption between encoder and network of one transceiver, in both directions. */
  protect(transceiver: RTCRtpTransceiver, kind: FrameKind, secrets: { send: Uint8Array; receive: Uint8Array }): void;
  stop(): void;
}

/**
 * Starts the worker. `onTrouble` is called when it cannot run or when the other side's frames do not open: media must then not
 * go out unencrypted by accident, as the transforms stay in place.
 */
export function startFrameGuard(
  rtc: CallRtc,
  makeWorker: () => Worker,
  onTrouble: (what: "broken" | "unreadable" | "readable") => void,
): FrameGuard | undefined {
  const Transform = rtc.RTCRtpScriptTransform;
  if (!Transform) return undefined;
  let worker: Worker;
  try {
    worker = makeWorker();
  } catch {
    return undefined;
  }
  worker.onerror = () => onTrouble("broken");
  worker.onmessage = (event: MessageEvent<FramesMessage>) => {
    if (event.data.type !== "ready") onTrouble(event.data.type);
  };
  const transform = (options: TransformOptions) => new Transform(worker, options);
  return {
    protect(transceiver, kind, secrets) {
      const options = { kind, generation: 0 };
      transceiver.sender.transform = transform({ ...options, role: "send", secret: new Uint8Array(secrets.send) });
      transceiver.receiver.transform = transform({
        ...options,
        role: "receive",
        secret: new Uint8Array(secrets.receive),
      });
    },
    stop() {
      worker.onerror = null;
      worker.onmessage = null;
      worker.terminate();
    },
  };
}
