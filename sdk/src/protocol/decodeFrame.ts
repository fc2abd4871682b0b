import { ProtocolError } from "./errors.ts";
import { createReader, type Field, u8 } from "./fields.ts";
import { FRAMES, type Frame, type FrameName } from "./frames.ts";
import { MAX_FRAME_BYTES, PROTOCOL_VERSION } from "./limits.ts";

const byType = new Map<number, [FrameName, Field<unknown>]>(
  Object.entries(FRAMES).map(([name, [type, layout]]) => [type, [name as FrameName, layout as Field<unknown>]]),
);

/**
 * Reads one frame. Byte fields are views of `bytes`, not copies. Hostile input ends in a ProtocolError, never in anything else.
 * @throws ProtocolError `too-large`, `unsupported-version`, `unknown-type`, `bad-payload-size` or `malformed`
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length > MAX_FRAME_BYTES) throw new ProtocolError("too-large", `${bytes.length} bytes`);
  const reader = createReader(bytes);
  const version = u8.read(reader);
  if (version !== PROTOCOL_VERSION) throw new ProtocolError("unsupported-version", String(version));
  const type = u8.read(reader);
  const known = byType.get(type);
  if (!known) throw new ProtocolError("unknown-type", String(type));
  const value = known[1].read(reader) as Record<string, unknown>;
  if (reader.left() > 0) throw new ProtocolError("malformed", "bytes after the frame's end");
  value.frame = known[0];
  return value as Frame;
}
