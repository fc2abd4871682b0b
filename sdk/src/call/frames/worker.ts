import { createDecryptor, createEncryptor } from "./cipher.ts";
import type { FramesMessage, TransformOptions } from "./messages.ts";

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
  postMessage(message: FramesMessage): void;
}

/** So many frames in a row that do not open mean that the keys differ. */
const UNREADABLE_AFTER = 100;

const scope = globalThis as unknown as TransformScope;

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
  const encryptor = createEncryptor(options.secret, options.kind, options.generation);
  return async (frame: EncodedFrame, out: TransformStreamDefaultController<EncodedFrame>) => {
    const sealed = await encryptor.seal(new Uint8Array(frame.data), frame.type === "key");
    if (!sealed) return;
    frame.data = sealed.buffer;
    out.enqueue(frame);
  };
}

function opening(options: TransformOptions, transformer: Transformer) {
  const decryptor = createDecryptor(options.secret, options.kind);
  let readable = false;
  let failures = 0;
  return async (frame: EncodedFrame, out: TransformStreamDefaultController<EncodedFrame>) => {
    const opened = await decryptor.open(new Uint8Array(frame.data), frame.type === "key");
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
