import type { FrameKind } from "./layout.ts";

/** What a transform is for; the secret follows as `FramesCommand`, since it is known only once the call is answered. */
export interface TransformOptions {
  role: "send" | "receive";
  kind: FrameKind;
}

/** What the page tells the worker: the secrets of this call, or that the other side cannot encrypt frames. */
export type FramesCommand =
  | { type: "keys"; send: Uint8Array; receive: Uint8Array; generation: number }
  | { type: "pass" };

/** What the worker tells the page. */
export type FramesMessage = { type: "ready" } | { type: "readable" | "unreadable"; kind: FrameKind };
