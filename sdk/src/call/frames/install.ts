import type { CallRtc } from "../types.ts";
import type { FrameKind } from "./layout.ts";
import type { FramesCommand, FramesMessage, TransformOptions } from "./messages.ts";

/** The encryption worker of one call. */
export interface FrameGuard {
  /**
   * Puts the worker between encoder and network of one transceiver, in both directions. To be called before anything is
   * negotiated; frames are dropped until it is known how to treat them.
   */
  attach(transceiver: RTCRtpTransceiver, kind: FrameKind): void;
  /** From now on frames are encrypted. */
  encrypt(secrets: { send: Uint8Array; receive: Uint8Array }): void;
  /** The other side cannot encrypt frames: they pass as they are, inside the connection's own encryption. */
  pass(): void;
  stop(): void;
}

/** Takes a fresh worker into service. `onTrouble` tells when it cannot run or when the other side's frames do not open. */
export function createFrameGuard(
  Transform: NonNullable<CallRtc["RTCRtpScriptTransform"]>,
  worker: Worker,
  onTrouble: (what: "broken" | "unreadable" | "readable") => void,
): FrameGuard {
  worker.onerror = () => onTrouble("broken");
  worker.onmessage = (event: MessageEvent<FramesMessage>) => {
    if (event.data.type !== "ready") onTrouble(event.data.type);
  };
  const transform = (options: TransformOptions) => new Transform(worker, options);
  const command = (message: FramesCommand) => worker.postMessage(message);
  return {
    attach(transceiver, kind) {
      transceiver.sender.transform = transform({ kind, role: "send" });
      transceiver.receiver.transform = transform({ kind, role: "receive" });
    },
    encrypt: (secrets) => command({ type: "keys", ...secrets, generation: 0 }),
    pass: () => command({ type: "pass" }),
    stop() {
      worker.onerror = null;
      worker.onmessage = null;
      worker.terminate();
    },
  };
}
