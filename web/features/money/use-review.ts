import { useEffect, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { Conversation, ErrorCode, PaymentInput, PaymentReview } from "../../lib/types.ts";
import { putAsset } from "./assets.ts";

/** What a payment would do, read from the chain now; `again` reads it anew. */
export function useReview(conversation: Conversation, input: PaymentInput) {
  const [review, setReview] = useState<PaymentReview>();
  const [error, setError] = useState<ErrorCode>();
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn reads the same again
  useEffect(() => {
    let current = true;
    setReview(undefined);
    setError(undefined);
    conversation.money.review(input).then(
      (found) => {
        // Read anew for this: what cards have of it may be older.
        putAsset(found.asset);
        if (current) setReview(found);
      },
      (failed: unknown) => current && setError(codeOf(failed)),
    );
    return () => {
      current = false;
    };
  }, [conversation, input, turn]);
  return { review, error, again: () => setTurn((now) => now + 1) };
}
