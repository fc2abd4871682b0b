import type { Core } from "../../client/core.ts";
import type { ConversationId, PublicId } from "../../types/primitives.ts";
import { peopleOf } from "../group/state.ts";
import { textTtlSeconds } from "../limits.ts";
import { transmit } from "../transmit.ts";

/**
 * This device has changed over from one way to another. The others learn what of its words they miss, and those who
 * belonged on the first way only learn that there is this one: they get something that they cannot read, and ask. Outside the lane.
 * @param before who belonged on the first
 */
export const sayHere = (core: Core, id: ConversationId, before: readonly PublicId[]): Promise<void> =>
  core.serial.run(id, async () => {
    const thread = core.threads.get(id);
    if (!thread) return;
    await transmit(core, id, {
      ttlSeconds: textTtlSeconds,
      to: [...new Set([...peopleOf(thread.state), ...before])],
      build: ({ sent }) => ({ v: 1, type: "here", n: sent }),
    });
  });
