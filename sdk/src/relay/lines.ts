import { type Line, type LineDeps, LineError, openLine } from "./line.ts";
import { createPace } from "./pace.ts";
import type { RelayInfo } from "./types.ts";

export type LineState = "connecting" | "online" | "offline";

/** Connections by relay. Told about every change, so that the pool can say how each relay is doing. */
export interface LineWatcher {
  state(relay: RelayInfo, key: string, state: LineState): void;
  rtt(relay: RelayInfo, milliseconds: number): void;
  /** So many messages for this person are still to be read there. */
  behind(relay: RelayInfo, messages: number): void;
}

/**
 * One shared anonymous line per relay, opened when somebody needs it and closed when nobody did for a while. Deposits,
 * anchors and TURN requests go over it; a mailbox of one's own never does.
 */
export function createAnonymousLines(deps: LineDeps, watcher: LineWatcher) {
  const lines = new Map<number, Promise<Line>>();
  const idle = new Map<number, unknown>();
  const paces = new Map<number, ReturnType<typeof createPace>>();
  let closed = false;

  function forget(relayId: number): void {
    lines.delete(relayId);
    deps.clock.clearTimeout(idle.get(relayId));
    idle.delete(relayId);
  }

  function restartIdle(relay: RelayInfo, line: Line): void {
    deps.clock.clearTimeout(idle.get(relay.id));
    const check = () => {
      if (line.pending() > 0) restartIdle(relay, line);
      else line.close();
    };
    idle.set(relay.id, deps.clock.setTimeout(check, deps.limits.idleClose));
  }

  return {
    /** Resolves when so many bytes may be deposited at a relay, or the work is cancelled. */
    turn(relay: RelayInfo, bytes: number, signal: AbortSignal): Promise<void> {
      const pace = paces.get(relay.id) ?? createPace(deps.clock);
      paces.set(relay.id, pace);
      return pace(bytes, signal);
    },
    /** @throws LineError */
    async to(relay: RelayInfo): Promise<Line> {
      if (closed) throw new LineError("closed");
      let opening = lines.get(relay.id);
      if (!opening) {
        watcher.state(relay, "anonymous", "connecting");
        opening = openLine(relay, deps, {
          onRtt: (rtt) => watcher.rtt(relay, rtt),
          onClose: () => {
            forget(relay.id);
            watcher.state(relay, "anonymous", "offline");
          },
        });
        lines.set(relay.id, opening);
        opening.then(
          (line) => {
            if (closed) line.close();
            else watcher.state(relay, "anonymous", "online");
          },
          () => {
            forget(relay.id);
            watcher.state(relay, "anonymous", "offline");
          },
        );
      }
      const line = await opening;
      restartIdle(relay, line);
      return line;
    },
    close(): void {
      closed = true;
      for (const opening of lines.values())
        opening.then(
          (line) => line.close(),
          () => undefined,
        );
      for (const timer of idle.values()) deps.clock.clearTimeout(timer);
    },
  };
}

export type AnonymousLines = ReturnType<typeof createAnonymousLines>;
