import { fromUtf8, utf8 } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { MAX_FRAME_BYTES } from "./limits.ts";

/** Where a frame is being written. Grows up to the largest frame. */
export interface Writer {
  /** Returns the offset at which `length` bytes may be written. */
  take(length: number): number;
  bytes: Uint8Array;
  view: DataView;
}

/** Where a frame is being read. */
export interface Reader {
  /** Returns the offset of the next `length` bytes; throws ProtocolError `malformed` when there are fewer. */
  take(length: number): number;
  left(): number;
  bytes: Uint8Array;
  view: DataView;
}

/** One part of a frame's layout. `size` is given when it never varies. */
export interface Field<T> {
  size?: number;
  write(writer: Writer, value: T): void;
  read(reader: Reader): T;
}

export type FieldValue<F> = F extends Field<infer T> ? T : never;

export function createWriter(): Writer {
  let used = 0;
  const writer: Writer = {
    bytes: new Uint8Array(256),
    view: new DataView(new ArrayBuffer(0)),
    take(length) {
      const at = used;
      used += length;
      if (used > MAX_FRAME_BYTES) throw new ProtocolError("too-large", "frame above the limit");
      if (used > writer.bytes.length) {
        const grown = new Uint8Array(Math.min(MAX_FRAME_BYTES, Math.max(used, writer.bytes.length * 4)));
        grown.set(writer.bytes);
        writer.bytes = grown;
        writer.view = new DataView(grown.buffer);
      }
      return at;
    },
  };
  writer.view = new DataView(writer.bytes.buffer);
  return writer;
}

export function createReader(bytes: Uint8Array): Reader {
  let used = 0;
  return {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    left: () => bytes.length - used,
    take(length) {
      const at = used;
      if (length > bytes.length - at) throw new ProtocolError("malformed", "frame ends early");
      used += length;
      return at;
    },
  };
}

function unsigned(
  name: string,
  size: 1 | 2 | 4,
  max: number,
  set: (view: DataView, at: number, value: number) => void,
) {
  return (read: (view: DataView, at: number) => number): Field<number> => ({
    size,
    write(writer, value) {
      if (!Number.isInteger(value) || value < 0 || value > max) throw new ProtocolError("malformed", `not a ${name}`);
      const at = writer.take(size);
      set(writer.view, at, value);
    },
    read: (reader) => read(reader.view, reader.take(size)),
  });
}

export const u8 = unsigned("u8", 1, 0xff, (view, at, value) => view.setUint8(at, value))((view, at) =>
  view.getUint8(at),
);
export const u16 = unsigned("u16", 2, 0xffff, (view, at, value) => view.setUint16(at, value))((view, at) =>
  view.getUint16(at),
);
export const u32 = unsigned("u32", 4, 0xffffffff, (view, at, value) => view.setUint32(at, value))((view, at) =>
  view.getUint32(at),
);

export const u64: Field<bigint> = {
  size: 8,
  write(writer, value) {
    if (typeof value !== "bigint" || value < 0n || value > 0xffffffffffffffffn) {
      throw new ProtocolError("malformed", "not a u64");
    }
    const at = writer.take(8);
    writer.view.setBigUint64(at, value);
  },
  read: (reader) => reader.view.getBigUint64(reader.take(8)),
};

/** Unix milliseconds in 8 bytes. Above 2^53 - 1 it is malformed, so that it is always an exact number. */
export const time: Field<number> = {
  size: 8,
  write(writer, value) {
    if (!Number.isSafeInteger(value) || value < 0) throw new ProtocolError("malformed", "not a time");
    const at = writer.take(8);
    writer.view.setBigUint64(at, BigInt(value));
  },
  read(reader) {
    const value = reader.view.getBigUint64(reader.take(8));
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ProtocolError("malformed", "time out of range");
    return Number(value);
  },
};

/** Exactly `size` bytes. Read as a view of the frame, not a copy. */
export function bytes(size: number): Field<Uint8Array> {
  return {
    size,
    write(writer, value) {
      if (value.length !== size) throw new ProtocolError("malformed", `not ${size} bytes`);
      const at = writer.take(size);
      writer.bytes.set(value, at);
    },
    read(reader) {
      const at = reader.take(size);
      return reader.bytes.subarray(at, at + size);
    },
  };
}

/** All that is left of the frame; only as its last field. Read as a view. */
export function rest(accepts: (length: number) => boolean): Field<Uint8Array> {
  return {
    write(writer, value) {
      if (!accepts(value.length)) throw new ProtocolError("bad-payload-size", `${value.length} bytes`);
      const at = writer.take(value.length);
      writer.bytes.set(value, at);
    },
    read(reader) {
      const length = reader.left();
      if (!accepts(length)) throw new ProtocolError("bad-payload-size", `${length} bytes`);
      const at = reader.take(length);
      return reader.bytes.subarray(at, at + length);
    },
  };
}

/** UTF-8 of at most `max` bytes after its u16 length. */
export function text(max: number): Field<string> {
  return {
    write(writer, value) {
      const encoded = utf8(value);
      if (encoded.length > max) throw new ProtocolError("malformed", `text above ${max} bytes`);
      u16.write(writer, encoded.length);
      const at = writer.take(encoded.length);
      writer.bytes.set(encoded, at);
    },
    read(reader) {
      const length = u16.read(reader);
      if (length > max) throw new ProtocolError("malformed", `text above ${max} bytes`);
      const at = reader.take(length);
      return fromUtf8(reader.bytes.subarray(at, at + length));
    },
  };
}

/** A u8 count and so many items, at most `max`. */
export function list<T>(item: Field<T>, max: number): Field<T[]> {
  return {
    write(writer, value) {
      if (value.length > max) throw new ProtocolError("malformed", `list above ${max} items`);
      u8.write(writer, value.length);
      for (const entry of value) item.write(writer, entry);
    },
    read(reader) {
      const count = u8.read(reader);
      if (count > max) throw new ProtocolError("malformed", `list above ${max} items`);
      return Array.from({ length: count }, () => item.read(reader));
    },
  };
}

export type LayoutValue<L> = { [K in keyof L]: FieldValue<L[K]> };

/** Fields one after the other. */
export function struct<const L extends Record<string, unknown>>(layout: L): Field<LayoutValue<L>> {
  const entries = Object.entries(layout) as [string, Field<unknown>][];
  const sizes = entries.map(([, field]) => field.size);
  const fixed = sizes.every((size) => size !== undefined);
  return {
    ...(fixed ? { size: sizes.reduce<number>((sum, size) => sum + (size as number), 0) } : {}),
    write(writer, value) {
      for (const [key, field] of entries) field.write(writer, (value as Record<string, unknown>)[key]);
    },
    read(reader) {
      const value: Record<string, unknown> = {};
      for (const [key, field] of entries) value[key] = field.read(reader);
      return value as LayoutValue<L>;
    },
  };
}
