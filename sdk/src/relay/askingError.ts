import { SkrumbleError } from "../errors/index.ts";
import type { LineError } from "./line.ts";

/** The error that tells a person most: what a relay said counts for more than that another was silent. */
export function askingError(
  failures: LineError["reason"][],
  signal: AbortSignal | undefined,
  closing: AbortSignal,
): SkrumbleError {
  if (signal?.aborted) return new SkrumbleError("ABORTED", { cause: signal.reason });
  if (closing.aborted) return new SkrumbleError("CLIENT_CLOSED");
  if (failures.includes("mailbox-full")) return new SkrumbleError("RELAY_MAILBOX_FULL");
  const spoken = failures.find((reason) => !["unreachable", "timeout", "closed", "lied"].includes(reason));
  if (spoken) return new SkrumbleError("RELAY_REFUSED", { details: spoken });
  if (failures.includes("lied")) return new SkrumbleError("RELAY_LIED");
  return new SkrumbleError("NETWORK_UNREACHABLE");
}
