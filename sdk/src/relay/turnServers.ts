import { FEATURE_TURN, type Frame, type FrameOf } from "../protocol/index.ts";
import type { AnonymousLines } from "./lines.ts";
import type { RelayInfo } from "./types.ts";

const ENOUGH = 2;
const isCredentials = (frame: Frame): frame is FrameOf<"turnCredentials"> => frame.frame === "turnCredentials";

/** TURN servers of up to two relays that offer any; empty when none does. */
export async function turnServers(relays: readonly RelayInfo[], lines: AnonymousLines): Promise<RTCIceServer[]> {
  const servers: RTCIceServer[] = [];
  for (const relay of relays) {
    if (servers.length >= ENOUGH) break;
    try {
      const line = await lines.to(relay);
      if ((line.greeting.features & FEATURE_TURN) === 0) continue;
      const { urls, username, credential } = await line.request({ frame: "turn", reqId: line.nextId() }, isCredentials);
      // Nothing but TURN: a hostile relay must not make the browser talk to anything else.
      const turn = urls.filter((url) => /^turns?:/.test(url));
      if (turn.length > 0) servers.push({ urls: turn, username, credential });
    } catch {
      // The next one is asked.
    }
  }
  return servers;
}
