import type { Core } from "../client/core.ts";
import { pauseFor } from "../client/pauseFor.ts";
import { isOpen } from "../conversation/content/money.ts";
import { paymentRows } from "../conversation/content/paymentIndex.ts";
import type { HistoryMessage } from "../conversation/content/types.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { ConversationId, MessageId, Millis, PublicId } from "../types/primitives.ts";
import type { Assets } from "./assets.ts";
import { resumeInHand } from "./carry.ts";
import { inHand } from "./inHand.ts";
import { addUp, settlePayment } from "./settle.ts";
import { endOf, longest, verifyPayment } from "./verify.ts";

/** Payments at work while a client is open. */
export interface Payments {
  readonly assets: Assets;
  /** The chain makes no blocks at this moment. */
  readonly stalled: boolean;
  /** After a start: goes on with what is not final. */
  resume(): Promise<void>;
  /** These came into the history, or were changed. */
  note(id: ConversationId, messages: readonly HistoryMessage[]): void;
  /** Resolves when nothing is under way; after the client began to close. */
  idle(): Promise<void>;
}

interface Watched {
  conversationId: ConversationId;
  id: MessageId;
  from: PublicId;
  since: Millis;
  due: Millis;
  until: Millis;
  /** So many times as slowly. */
  pace: number;
  searched?: Millis;
}

/** Most are final within two blocks; for the others nobody is in a hurry. Many of one sender are looked at less often each. */
const pauseAfter = (age: Millis): Millis =>
  age < 60_000 ? 1500 : age < 600_000 ? 6000 : age < 7_200_000 ? 30_000 : 300_000;
/** Other chains take longer until a block is final, and their nodes count who asks how often. */
const elsewherePace = 3;
/** What could not be found out by so long after its end is looked at again at the next start. */
const margin = 1_200_000;
/** On another chain a block may be final after a day, and what its nodes have forgotten may still be mined. */
const marginElsewhere = longest * 1000;
/** Of one sender, in one round: others are not kept waiting by somebody who says to have paid a thousand times. */
const perRound = 4;
/** Of one sender, watched at the same time. More are looked at at the next start. */
const mostOpen = 64;
/** Searches for what a wallet sent instead, of one sender: so many in that time, and for the same payment once a minute. */
const mostSearches = 4;
const searchTime = 600_000;
const searchPause = 60_000;
const roundPause = 1000;

/** The longest waiting of each sender. */
function dueNow(all: [string, Watched][], now: Millis): [string, Watched][] {
  const due = all.filter(([, one]) => one.due <= now).sort(([, a], [, b]) => a.due - b.due);
  const of = new Map<PublicId, number>();
  return due.filter(([, { from }]) => {
    of.set(from, (of.get(from) ?? 0) + 1);
    return (of.get(from) as number) <= perRound;
  });
}

export function createPayments(of: () => Core, assets: Assets): Payments {
  const watched = new Map<string, Watched>();
  const searches = new Map<PublicId, Millis[]>();
  let running: Promise<void> | undefined;
  let wake: (() => void) | undefined;
  let stalled = false;

  const openOf = (person: PublicId) => [...watched.values()].filter(({ from }) => from === person).length;
  const watch = (
    conversationId: ConversationId,
    { id, from, at, body }: Pick<HistoryMessage, "id" | "from" | "at" | "body">,
  ) => {
    // On a chain that is not set up here nobody can look.
    const on = body.type === "payment" && assets.chains.find(body.asset.chainId);
    if (body.type !== "payment" || !on || !isOpen(body)) return;
    const key = `${conversationId} ${id}`;
    const now = of().now();
    if (watched.has(key) || openOf(from) >= mostOpen || of().signal.aborted) return;
    const after = on.further ? marginElsewhere : margin;
    const until = endOf({ until: body.until, at: Math.min(at, now) }) * 1000 + after;
    // What could not be told for so long is not looked for at every start.
    if (body.state === "unsure" && now > until) return;
    const pace = on.further ? elsewherePace : 1;
    watched.set(key, { conversationId, id, from, since: now, due: now, until: Math.max(until, now + after), pace });
    wake?.();
    start();
  };

  const start = () => {
    running ??= run().finally(() => {
      running = undefined;
      // Something may have come between the last look and this.
      if (watched.size > 0 && !of().signal.aborted) start();
    });
  };

  /** A search costs many requests, and whoever says to have paid says where to look. */
  const maySearch = (one: Watched): boolean => {
    const now = of().now();
    const recent = (searches.get(one.from) ?? []).filter((at) => now - at < searchTime);
    const isSoon = one.searched !== undefined && now - one.searched < searchPause;
    if (isSoon || recent.length >= mostSearches) return false;
    one.searched = now;
    searches.set(one.from, [...recent, now]);
    return true;
  };

  const look = async (one: Watched): Promise<boolean> => {
    const core = of();
    const { conversationId, id } = one;
    const message = await core.threads.message(conversationId, id);
    if (message?.body.type !== "payment" || !isOpen(message.body)) return true;
    const { from, at, body } = message;
    const on = assets.chains.of(body.asset);
    const claim = { ...body, from, at };
    const finding = await verifyPayment(core.chain, claim, core.signal, on, () => maySearch(one));
    if (finding.state === "open") return false;
    await settlePayment(core, conversationId, id, finding);
    return finding.state !== "unsure";
  };

  async function run(): Promise<void> {
    const core = of();
    while (watched.size > 0 && !core.signal.aborted) {
      const round = dueNow([...watched], core.now());
      for (const [key, one] of round) {
        if (core.signal.aborted) return;
        const now = core.now();
        const done = await look(one).catch((error) => {
          // Without a chain it waits.
          if (error instanceof SkrumbleError && error.category === "network") return false;
          if (!core.signal.aborted) core.problem(error instanceof SkrumbleError ? error.code : "UNEXPECTED");
          return true;
        });
        if (done || now > one.until) watched.delete(key);
        else {
          const pace = one.pace * Math.max(1, openOf(one.from) / perRound);
          one.due = core.now() + pace * pauseAfter(core.now() - one.since);
        }
      }
      const next = Math.min(...[...watched.values()].map(({ due }) => due));
      if (watched.size === 0) return;
      await pauseFor(core.signal, Math.max(round.length === 0 ? 50 : roundPause, next - core.now()), (wakeUp) => {
        wake = wakeUp;
      });
    }
  }

  return {
    assets,
    get stalled() {
      return stalled;
    },
    async resume() {
      const core = of();
      const stop = core.events.on("chain", ({ state }) => {
        stalled = state === "stalled";
      });
      core.signal.addEventListener("abort", stop, { once: true });
      for (const { conversationId, ...row } of await paymentRows(core.vault)) watch(conversationId, row);
      await resumeInHand(core);
    },
    note(conversationId, messages) {
      for (const message of messages) {
        watch(conversationId, message);
        if (message.body.type === "request") addUp(of(), conversationId, message.id);
      }
    },
    async idle() {
      while (running) await running;
      await inHand(of()).idle();
    },
  };
}
