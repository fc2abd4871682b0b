import { createDecryptor, createEncryptor, type FrameDecryptor, type FrameEncryptor } from "./cipher.ts";
import type { FrameKind } from "./layout.ts";
import type { FramesCommand, FramesMessage, TransformOptions } from "./messages.ts";

/**
 * Worker that encrypts and decrypts media frames (W3C WebRTC Encoded Transform). It is a module file of its own, so a page
 * with a strict CSP (worker-src 'self') can load it.
 */

interface EncodedFrame {
  data: ArrayBuffer;
  /** "key" or "delta" for video; absent for audio. */
  type?: string;
}

interface Transformer {
  readable: ReadableStream<EncodedFrame>;
  writable: WritableStream<EncodedFrame>;
  options: TransformOptions;
  sendKeyFrameRequest?(): Promise<unknown>;
}

interface TransformScope {
  onrtctransform: ((event: { transformer: Transformer }) => void) | null;
  onmessage: ((event: { data: FramesCommand }) => void) | null;
  postMessage(message: FramesMessage): void;
}

type Out = TransformStreamDefaultController<EncodedFrame>;

/** So many frames in a row that do not open mean that the keys differ. */
const UNREADABLE_AFTER = 100;

const scope = globalThis as unknown as TransformScope;

interface Ciphers {
  seal: Record<FrameKind, FrameEncryptor>;
  open: Record<FrameKind, FrameDecryptor>;
}

/** One worker serves one call; until it is told how, no frame passes in either direction. */
let mode: Ciphers | "pass" | undefined;

scope.onmessage = ({ data }) => {
  // Made before the first frame comes, as deriving a key takes longer than a frame may wait.
  mode ??= data.type === "pass" ? "pass" : createCiphers(data);
};

function createCiphers(keys: Extract<FramesCommand, { type: "keys" }>): Ciphers {
  const send = new Uint8Array(keys.send);
  const receive = new Uint8Array(keys.receive);
  const encryptor = (kind: FrameKind) => createEncryptor(send, kind, keys.generation);
  const decryptor = (kind: FrameKind) => createDecryptor(receive, kind, keys.generation);
  return {
    seal: { audio: encryptor("audio"), video: encryptor("video") },
    open: { audio: decryptor("audio"), video: decryptor("video") },
  };
}

scope.onrtctransform = ({ transformer }) => {
  const { options } = transformer;
  const transform = options.role === "send" ? sealing(options) : opening(options, transformer);
  transformer.readable
    .pipeThrough(new TransformStream({ transform }))
    .pipeTo(transformer.writable)
    .catch(() => {
      // The connection was closed while a frame was on its way.
    });
};

function sealing(options: TransformOptions) {
  return async (frame: EncodedFrame, out: Out) => {
    if (!mode) return;
    if (mode === "pass") {
      out.enqueue(frame);
      return;
    }
    const sealed = await mode.seal[options.kind].seal(new Uint8Array(frame.data), frame.type === "key");
    if (!sealed) return;
    frame.data = sealed.buffer;
    out.enqueue(frame);
  };
}

function opening(options: TransformOptions, transformer: Transformer) {
  let readable = false;
  let failures = 0;
  return async (frame: EncodedFrame, out: Out) => {
    if (mode === "pass") {
      out.enqueue(frame);
      return;
    }
    const opened = await mode?.open[options.kind].open(new Uint8Array(frame.data), frame.type === "key");
    if (opened === "again") return;
    if (!opened) {
      failures++;
      if (failures === UNREADABLE_AFTER) scope.postMessage({ type: "unreadable", kind: options.kind });
      // A lost video frame leaves the decoder without its reference.
      if (options.kind === "video" && failures % 30 === 1) transformer.sendKeyFrameRequest?.().catch(() => {});
      return;
    }
    failures = 0;
    if (!readable) scope.postMessage({ type: "readable", kind: options.kind });
    readable = true;
    frame.data = opened.buffer;
    out.enqueue(frame);
  };
}

scope.postMessage({ type: "ready" });
