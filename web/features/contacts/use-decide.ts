import { useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import { goTo } from "../../lib/hash.ts";
import type { Contact, ErrorCode } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";

/** Answers to a request: each keeps the card busy until it is settled and says what went wrong. */
export function useDecide(contact: Contact, options: { openAccepted: boolean }) {
  const client = useClient();
  const [busy, setBusy] = useState<"accept" | "decline" | "block">();
  const [error, setError] = useState<ErrorCode>();
  const run = async (what: "accept" | "decline" | "block") => {
    setBusy(what);
    setError(undefined);
    try {
      const result = await client.contacts[what](contact.publicId);
      if (result && options.openAccepted) goTo({ conversation: result.id });
    } catch (failed) {
      setError(codeOf(failed));
    }
    setBusy(undefined);
  };
  return { busy, error, run };
}
