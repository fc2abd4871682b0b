import { codeOf, SkrumbleError } from "../../errors/index.ts";
import { busyFor } from "../rpc.ts";
import type { RpcEndpoint } from "../types.ts";
import { type Findings, note } from "./findings.ts";

/** A long list takes more of one relay's rate than there is at once: so many relays share it, each with one question at a time. */
const mostRelays = 8;
/** In milliseconds. Then a question is another relay's, too, and the first answer counts. */
const patience = 1500;
/** A relay that failed so many times in a row is asked no more; where that are all, nobody answers. */
const mostMisses = 4;
/** One that is too busy so many times in a row has failed, too: it may never do anything else. */
const mostTurnedAway = 4;
/**
 * A relay gives an address 400 tokens at once and 50 a second, and a proof costs 5 (relay/src/http/rpcRules.ts). So many proofs go at once and then
 * one in so many milliseconds: half of that, whose other half people's other reads have.
 */
const freely = 40;
const gap = 200;

interface Asked {
  endpoint: RpcEndpoint;
  questions: number;
  /** Times that it failed since it answered last. */
  misses: number;
  /** Times that it was too busy since then. */
  turnedAway: number;
  hasAnswered: boolean;
  isBusy: boolean;
  /** It failed, or said when to ask again. */
  isResting: boolean;
  isLate: boolean;
}

interface Job {
  run(endpoint: RpcEndpoint): Promise<unknown>;
  end(value: unknown): void;
  fail(error: SkrumbleError): void;
  /** Some relay did not answer it. */
  isTried: boolean;
  isOver: boolean;
}

/** Has a question answered by any relay. @throws SkrumbleError CHAIN_UNREACHABLE (the findings have why), ABORTED */
export type Share = <T>(run: (endpoint: RpcEndpoint) => Promise<T>) => Promise<T>;

/**
 * For one read: gives out questions that any relay may answer, as each proves the same, the next one to whoever has done with the last. One that lies
 * is asked no more; one that fails rests, longer each time, and comes after the others. One that is too busy says when to ask again.
 * @param endpoints read anew for each question, as more become known; the first ones count first
 * @param onAnswer called for each answer
 */
export function shareOut(
  endpoints: () => readonly RpcEndpoint[],
  findings: Findings,
  onAnswer: () => void,
  signal: AbortSignal,
): Share {
  const relays = new Map<string, Asked>();
  let waiting: Job[] = [];
  let cause: unknown;

  function add(): void {
    const operators = new Set([...relays.values()].map(({ endpoint }) => endpoint.operator));
    for (const endpoint of endpoints())
      if (!relays.has(endpoint.url) && !operators.has(endpoint.operator))
        relays.set(endpoint.url, {
          endpoint,
          questions: 0,
          misses: 0,
          turnedAway: 0,
          hasAnswered: false,
          isBusy: false,
          isResting: false,
          isLate: false,
        });
  }

  function giveOut(): void {
    waiting = waiting.filter(({ isOver }) => !isOver);
    const honest = [...relays.values()].filter(({ endpoint }) => !findings.liars.has(endpoint.url));
    const left = honest.filter(({ misses }) => misses < mostMisses);
    if (signal.aborted || left.length === 0) {
      const error = new SkrumbleError(signal.aborted ? "ABORTED" : "CHAIN_UNREACHABLE", { cause });
      for (const { fail } of waiting.splice(0)) fail(error);
      return;
    }
    const able = left
      .filter(({ isLate, isResting }) => !isLate && !isResting)
      .toSorted((one, other) => Number(other.hasAnswered) - Number(one.hasAnswered) || one.misses - other.misses)
      .slice(0, mostRelays);
    const free = able.filter(({ isBusy }) => !isBusy).toSorted((one, other) => one.questions - other.questions);
    for (const relay of free) {
      // Nothing waits for a second stranger where somebody is known to answer.
      const isFor = ({ isTried }: Job) => !isTried || relay.hasAnswered || !able[0]?.hasAnswered;
      const job = waiting.find(isFor);
      if (!job) continue;
      waiting.splice(waiting.indexOf(job), 1);
      void ask(relay, job);
    }
  }

  function giveAgain(job: Job): void {
    job.isTried = true;
    if (!waiting.includes(job)) waiting.unshift(job);
    giveOut();
  }

  async function ask(relay: Asked, job: Job): Promise<void> {
    relay.isBusy = true;
    const paced = ++relay.questions > freely ? pause(gap) : undefined;
    const timer = setTimeout(() => {
      relay.isLate = true;
      giveAgain(job);
    }, patience);
    let rest = 0;
    try {
      job.end(await job.run(relay.endpoint));
      relay.misses = relay.turnedAway = 0;
      relay.hasAnswered = true;
      onAnswer();
    } catch (error) {
      cause = error;
      if (!signal.aborted) rest = restAfter(relay, error);
    }
    clearTimeout(timer);
    relay.isLate = false;
    relay.isResting = rest > 0;
    // Unless it is over, another one goes on with it.
    giveAgain(job);
    await paced;
    if (rest > 0) await pause(rest);
    relay.isBusy = relay.isResting = false;
    giveOut();
  }

  function restAfter(relay: Asked, error: unknown): number {
    note(findings, relay.endpoint, error);
    const wait = busyFor(error);
    if (wait !== undefined && ++relay.turnedAway < mostTurnedAway) return wait;
    relay.turnedAway = 0;
    if (codeOf(error) !== "CHAIN_UNPROVEN") relay.misses++;
    return wait ?? 400 * relay.misses ** 2;
  }

  return (run) =>
    new Promise((resolve, reject) => {
      const over = (settle: () => void) => {
        job.isOver = true;
        settle();
      };
      const end = (value: unknown) => over(() => resolve(value as never));
      const job: Job = { run, isTried: false, isOver: false, end, fail: (error) => over(() => reject(error)) };
      add();
      waiting.push(job);
      giveOut();
    });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
