import type { Core } from "../../client/core.ts";
import { pauseFor } from "../../client/pauseFor.ts";
import { codeOf } from "../../errors/index.ts";
import type { AgreementView } from "../../types/agreed.ts";
import type { ConversationId, MessageId } from "../../types/primitives.ts";
import { lookAtAgreement } from "./look.ts";

/** Somebody looks at it: soon after something happened, and rarely where nothing does. */
const soon = 1500;
const later = 10_000;
const lively = 60_000;
/** Whoever writes one message after the other keeps nobody from acting for longer than this. */
const patience = 10_000;
/** Of what is over only messages tell something new. */
const over: readonly AgreementView["state"][] = ["finished", "declined", "expired"];
const rarely = 120_000;

function pauseAfter(view: AgreementView | undefined, age: number): number {
  if (view && !view.unsure && over.includes(view.state) && age > soon) return rarely;
  return view?.state === "recording" || age < lively ? soon : later;
}

/** Looks at an agreement again and again until it is stopped: whenever a message of it comes, and for what only the chain tells. */
export function watchAgreement(
  core: Core,
  conversationId: ConversationId,
  agreement: MessageId,
  listener: (view: AgreementView) => void,
  failed?: (problem: { code: string }) => void,
): () => void {
  const stopping = new AbortController();
  const signal = AbortSignal.any([core.signal, stopping.signal]);
  let wake: (() => void) | undefined;
  let again = false;
  let shown: AgreementView | undefined;
  let told = "";
  let behindSince: number | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const show = (view: AgreementView) => {
    const { behind: _, ...rest } = view;
    const behind = behindSince !== undefined && core.now() - behindSince < patience;
    shown = behind ? { ...rest, behind } : rest;
    listener(shown);
    // A look that hangs keeps nobody from acting either.
    clearTimeout(waiting);
    if (behind) waiting = setTimeout(() => shown?.behind && show(shown), patience);
  };
  const off = core.events.on("message", ({ conversationId: where, body }) => {
    if (where !== conversationId || body.type !== "agreement" || body.agreement !== agreement) return;
    again = true;
    behindSince ??= core.now();
    // Nobody should act on what was before: the look that tells the rest takes its time.
    if (shown && !shown.behind) show(shown);
    wake?.();
  });
  const stop = () => {
    off();
    clearTimeout(waiting);
  };
  signal.addEventListener("abort", stop, { once: true });
  const run = async () => {
    for (let changedAt = core.now(); !signal.aborted; ) {
      again = false;
      const seen = await lookAtAgreement(core, conversationId, agreement).then(
        (view) => ({ view }),
        (error) => ({ view: undefined, problem: { code: codeOf(error) } }),
      );
      if (signal.aborted) return;
      const { view } = seen;
      const text = JSON.stringify(seen, (_, value) => (typeof value === "bigint" ? `${value}` : value));
      if (!again) behindSince = undefined;
      if (text !== told || shown?.behind) {
        if (text !== told) changedAt = core.now();
        told = text;
        if (seen.view) show(seen.view);
        else {
          shown = undefined;
          failed?.(seen.problem);
        }
      }
      if (again) continue;
      await pauseFor(signal, pauseAfter(view, core.now() - changedAt), (wakeUp) => {
        wake = wakeUp;
      });
    }
  };
  void run();
  return () => stopping.abort();
}
