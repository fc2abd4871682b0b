import type { FrameKind } from "./layout.ts";

/** What the page hands a transform; the secret is copied into the worker and kept nowhere else there. */
export interface TransformOptions {
  role: "send" | "receive";
  kind: FrameKind;
  secret: Uint8Array<ArrayBuffer>;
  generation: number;
}

/** What the worker tells the page. */
export type FramesMessage = { type: "ready" } | { type: "readable" | "unreadable"; kind: FrameKind };
