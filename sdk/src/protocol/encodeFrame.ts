import { createWriter, type Field, u8 } from "./fields.ts";
import { FRAMES, type Frame } from "./frames.ts";
import { PROTOCOL_VERSION } from "./limits.ts";

/**
 * Bytes of a frame: version, type, then its fields.
 * @throws ProtocolError when a value does not fit its field
 */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const [type, layout] = FRAMES[frame.frame];
  const writer = createWriter();
  u8.write(writer, PROTOCOL_VERSION);
  u8.write(writer, type);
  (layout as Field<unknown>).write(writer, frame);
  const end = writer.take(0);
  return writer.bytes.slice(0, end) as Uint8Array<ArrayBuffer>;
}
