/** Told of each piece as it comes, in bytes; it may throw. */
export type OnBytes = (bytes: number) => void;

/** What a relay answers with, undefined where that is longer than it may be: it stops reading then. @param most bytes */
export async function readBounded(
  response: Response,
  most: number,
  onBytes?: OnBytes,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // By a reader: not every browser can loop over a stream.
  const reader = response.body?.getReader();
  try {
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      length += part.value.length;
      onBytes?.(part.value.length);
      if (length > most) return undefined;
      chunks.push(part.value);
    }
  } finally {
    // Of no effect where all was read. A relay that is slow to hear of it is not waited for.
    void reader?.cancel().catch(() => undefined);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
