import type { Core } from "../../client/core.ts";
import { codeOf } from "../../errors/index.ts";
import type { Millis } from "../../types/primitives.ts";
import { liveSession } from "../transmit.ts";
import { settle } from "./settle.ts";

/**
 * A group in which nothing changes gets fresh keys once in a while all the same (RFC 9420, 16.6): whoever copied a device's
 * state reads no longer than that.
 */
const after = 7 * 86_400_000;
/** Members do not all come at the same time: the first one's commit is enough. */
const spread = 2 * 86_400_000;
const lookEvery = 6 * 3_600_000;

/** At the start and a few times a day. */
export function keepKeysFresh(core: Core): void {
  renewOld(core).catch((error) => core.signal.aborted || core.problem(codeOf(error)));
  const timer = setInterval(() => {
    renewOld(core).catch((error) => core.signal.aborted || core.problem(codeOf(error)));
  }, lookEvery);
  core.signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  // A program must not stay alive for this alone.
  if (typeof timer === "object" && "unref" in timer) timer.unref();
}

async function renewOld(core: Core): Promise<void> {
  for (const thread of core.threads.all()) {
    const session = liveSession(thread);
    const due = session && core.now() - session.epochAt > after + turnOf(core);
    if (!due || core.intents.of(thread.id).length > 0) continue;
    await core.intents.add(thread.id, [{ kind: "renew keys" }]);
    settle(core, thread.id);
  }
}

/** The same for a device every time, and another for another device. */
const turnOf = ({ self }: Core): Millis => ((self.deviceKey.public[0] as number) / 256) * spread;
