import { clearBytes, type FrameKind, MAX_FRAME_BYTES, OVERHEAD_BYTES, TAG_BYTES, TRAILER_BYTES } from "./layout.ts";
import { createReplayWindow } from "./replay.ts";

/** Runs in the worker: WebCrypto only, no imports beyond its own folder. */

export interface FrameEncryptor {
  /** Undefined when the frame cannot be sent encrypted; it must then be dropped, never passed on. */
  seal(frame: Uint8Array, keyFrame: boolean): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

export interface FrameDecryptor {
  /**
   * "again" for a frame that was there before: senders repeat packets as padding to probe the bandwidth. Undefined for
   * anything forged, damaged or not encrypted. Neither may reach the decoder.
   */
  open(frame: Uint8Array, keyFrame: boolean): Promise<Uint8Array<ArrayBuffer> | "again" | undefined>;
}

/**
 * One key per sender, kind and generation, so a counter is enough as nonce. A new encryptor for the same secret and kind needs a
 * new generation.
 */
export function createEncryptor(secret: Uint8Array<ArrayBuffer>, kind: FrameKind, generation = 0): FrameEncryptor {
  const key = frameKey(secret, kind, generation);
  let counter = 0;
  return {
    async seal(frame, keyFrame) {
      if (frame.length > MAX_FRAME_BYTES || counter > 0xffffffff) return undefined;
      const clear = Math.min(clearBytes(kind, keyFrame), frame.length);
      const trailer = new Uint8Array(TRAILER_BYTES);
      new DataView(trailer.buffer).setUint32(0, counter++);
      trailer[4] = generation;
      const out = new Uint8Array(frame.length + OVERHEAD_BYTES);
      out.set(frame.subarray(0, clear));
      const sealed = await crypto.subtle.encrypt(
        parameters(out.subarray(0, clear), trailer),
        await key,
        copy(frame, clear),
      );
      out.set(new Uint8Array(sealed), clear);
      out.set(trailer, out.length - TRAILER_BYTES);
      return out;
    },
  };
}

/** `expected`: the generation that is derived in advance. */
export function createDecryptor(secret: Uint8Array<ArrayBuffer>, kind: FrameKind, expected = 0): FrameDecryptor {
  // The other side announces a new generation by using it; only the newest two are kept, as nothing older is in flight.
  const keys = new Map<number, { key: Promise<CryptoKey>; window: ReturnType<typeof createReplayWindow> }>();
  const derive = (generation: number) => ({ key: frameKey(secret, kind, generation), window: createReplayWindow() });
  keys.set(expected, derive(expected));
  let newest = -1;
  return {
    async open(frame, keyFrame) {
      if (frame.length < OVERHEAD_BYTES || frame.length > MAX_FRAME_BYTES + OVERHEAD_BYTES) return undefined;
      const clear = Math.min(clearBytes(kind, keyFrame), frame.length - OVERHEAD_BYTES);
      const body = frame.length - TRAILER_BYTES;
      const trailer = copy(frame, body);
      const counter = new DataView(trailer.buffer).getUint32(0);
      const generation = trailer[4] ?? 0;
      if (generation < newest - 1) return undefined;
      const entry = keys.get(generation) ?? derive(generation);
      if (!entry.window.fresh(counter)) return "again";
      const head = copy(frame, 0, clear);
      try {
        const opened = await crypto.subtle.decrypt(
          parameters(head, trailer),
          await entry.key,
          copy(frame, clear, body),
        );
        if (!entry.window.take(counter)) return "again";
        keys.set(generation, entry);
        if (generation > newest) newest = generation;
        for (const old of keys.keys()) if (old < newest - 1) keys.delete(old);
        const out = new Uint8Array(clear + opened.byteLength);
        out.set(head);
        out.set(new Uint8Array(opened), clear);
        return out;
      } catch {
        return undefined;
      }
    },
  };
}

function copy(bytes: Uint8Array, from: number, to = bytes.length): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes.slice(from, to));
}

function parameters(head: Uint8Array, trailer: Uint8Array<ArrayBuffer>): AesGcmParams {
  const iv = new Uint8Array(12);
  iv.set(trailer.subarray(0, 4), 8);
  const additionalData = new Uint8Array(head.length + trailer.length);
  additionalData.set(head);
  additionalData.set(trailer, head.length);
  return { name: "AES-GCM", iv, additionalData, tagLength: TAG_BYTES * 8 };
}

async function frameKey(secret: Uint8Array<ArrayBuffer>, kind: FrameKind, generation: number): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode(`skrumble frame key ${kind} ${generation}`);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}
