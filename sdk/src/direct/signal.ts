import * as z from "zod";
import { candidates } from "../call/signal.ts";
import { MAX_SDP_CHARS } from "./limits.ts";

/**
 * What two devices say to each other to open a direct line. It travels inside their conversation (MLS), so that relays see
 * neither kind nor content and the DTLS certificate in the description is proven to be the other device's.
 */
const head = {
  /** The device it is for, by its key; the others of the same person ignore it. */
  to: z.string().regex(/^0x[0-9a-f]{64}$/),
};
const description = {
  /** Names the attempt: an answer to an earlier one is ignored. */
  line: z.string().regex(/^[0-9a-f]{32}$/),
  sdp: z.string().startsWith("v=0").max(MAX_SDP_CHARS),
  candidates,
};

const directSignal = z.discriminatedUnion("type", [
  /** "I am here, make an offer": said by the device whose key is the larger one, so that offers never cross. */
  z.strictObject({ ...head, type: z.literal("hello") }),
  z.strictObject({ ...head, ...description, type: z.literal("offer") }),
  z.strictObject({ ...head, ...description, type: z.literal("answer") }),
]);

export type DirectSignal = z.infer<typeof directSignal>;
export type Description = Pick<Extract<DirectSignal, { type: "offer" }>, "sdp" | "candidates">;

/** Undefined for anything malformed. */
export function parseDirectSignal(signal: unknown): DirectSignal | undefined {
  const parsed = directSignal.safeParse(signal);
  return parsed.success ? parsed.data : undefined;
}
