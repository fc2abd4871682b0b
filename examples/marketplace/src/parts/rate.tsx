import type { Hex } from "@skrumble/sdk";
import { keepComment, maxComment, rateParty } from "@skrumble/sdk/jobs";
import { useEffect, useRef, useState } from "react";
import { forgetRated, keepRated, ratedWords } from "../rated.ts";
import { useSession } from "../session.ts";
import { useAct, useDraft } from "../use.ts";
import { useWords } from "../words/index.ts";
import { Progress } from "./show.tsx";

interface RateProps {
  /** The agreement. */
  id: Hex;
  /** Whoever the other one is. */
  other: string;
  /** As the chain says; 0 before. */
  given: number;
  onDone: () => void;
}

export function Rate({ id, other, given, onDone }: RateProps) {
  const { words } = useWords();
  const { chain, client, me, wallet } = useSession();
  const acting = useAct();
  const [score, setScore] = useState(0);
  const { text, type } = useDraft(`rating ${id}`);
  const rater = me?.id;
  const done = useRef(async () => {});
  done.current = async () => {
    type("");
    // Where that fails they are told to relays once more.
    await forgetRated(client, id).catch(() => undefined);
  };
  // Words that are still here after the chain has the rating have reached no relay: the page was closed in between.
  const isGiven = given > 0 && !acting.busy;
  const typed = isGiven ? text.trim() : "";
  useEffect(() => {
    if (!isGiven || rater === undefined) return;
    const stop = new AbortController();
    const tell = async () => {
      const signed = await ratedWords(client, id);
      for (const comment of new Set([...signed, typed].filter(Boolean))) {
        const input = { agreement: id, rater, comment };
        const isKept = await keepComment(chain, input, { signal: stop.signal }).then(
          () => true,
          // Others, or at the next visit again.
          () => false,
        );
        if (stop.signal.aborted) return;
        if (isKept) return done.current();
      }
    };
    tell().catch(() => undefined);
    return () => stop.abort();
  }, [chain, client, id, rater, isGiven, typed]);
  if (given > 0) {
    return (
      <p className="notice">
        <span className="gold">{"★".repeat(given)}</span> {words.rate.done}
      </p>
    );
  }
  const send = () =>
    acting.act(async (signs) => {
      const signer = signs(await wallet(), () => keepRated(client, id, text));
      const { kept } = await rateParty(chain, { agreement: id, score, comment: text }, signer);
      if (kept > 0 || text.trim() === "") await done.current();
      onDone();
    });
  return (
    <form
      className="rate"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <fieldset>
        <legend>{words.rate.title(other)}</legend>
        <div className="pick">
          {[1, 2, 3, 4, 5].map((n) => (
            <label key={n} className={n <= score ? "on" : ""}>
              <input
                type="radio"
                name={`score ${id}`}
                checked={score === n}
                aria-label={words.rate.stars(n)}
                onChange={() => setScore(n)}
              />
              <span aria-hidden="true">★</span>
            </label>
          ))}
        </div>
      </fieldset>
      <label>
        {words.rate.comment}
        <textarea
          rows={2}
          maxLength={maxComment}
          value={text}
          // What was signed, and may still arrive, is not changed.
          readOnly={acting.busy || acting.stage === "doubt"}
          onChange={(event) => type(event.target.value)}
        />
      </label>
      <button type="submit" className="primary" disabled={acting.busy || score === 0}>
        {words.rate.send}
      </button>
      <Progress of={acting} />
    </form>
  );
}
