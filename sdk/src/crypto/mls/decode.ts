import { type Decoder, decode } from "ts-mls";

/** The library's decoders throw on some malformed bytes and give undefined on others; here it is always undefined. */
export function decodeOrUndefined<T>(decoder: Decoder<T>, bytes: Uint8Array): T | undefined {
  try {
    return decode(decoder, bytes);
  } catch {
    return undefined;
  }
}
