import type { Hex } from "@skrumble/sdk";
import { keepComment, maxComment, rateParty } from "@skrumble/sdk/jobs";
import { useEffect, useRef, useState } from "react";
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
  const { chain, me, wallet } = useSession();
  const acting = useAct();
  const [score, setScore] = useState(0);
  const { text, type, arrived } = useDraft(`rating ${id}`);
  const rater = me?.id;
  const done = useRef(arrived);
  done.current = arrived;
  // Words that are still here after the chain has the rating have reached no relay: the page was closed in between.
  const left = given > 0 && !acting.busy ? text.trim() : "";
  useEffect(() => {
    if (left === "" || rater === undefined) return;
    const stop = new AbortController();
    keepComment(chain, { agreement: id, rater, comment: left }, { signal: stop.signal }).then(
      () => done.current(),
      // At the next visit again.
      () => undefined,
    );
    return () => stop.abort();
  }, [chain, id, rater, left]);
  if (given > 0) {
    return (
      <p className="notice">
        <span className="gold">{"★".repeat(given)}</span> {words.rate.done}
      </p>
    );
  }
  const send = () =>
    acting.act(async (signs) => {
      const { kept } = await rateParty(chain, { agreement: id, score, comment: text }, signs(await wallet()));
      if (kept > 0 || text.trim() === "") arrived();
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
        <textarea rows={2} maxLength={maxComment} value={text} onChange={(event) => type(event.target.value)} />
      </label>
      <button type="submit" className="primary" disabled={acting.busy || score === 0}>
        {words.rate.send}
      </button>
      <Progress of={acting} />
    </form>
  );
}
