import { useCallback, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { Contact, ErrorCode, PublicId } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";

export interface Found {
  publicId: PublicId;
  pseudonym: string;
  /** What the link calls them, where the registry calls them something else. */
  linkName?: string;
  known?: Contact;
}

/** Looks somebody up by pseudonym, link or the text of a code; what was typed stays when nobody is found. */
export function useFind() {
  const client = useClient();
  const [query, setQuery] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorCode>();
  const [person, setPerson] = useState<Found>();
  const type = (text: string) => {
    setQuery(text);
    setError(undefined);
    setPerson(undefined);
  };
  const find = useCallback(
    async (text: string) => {
      setQuery(text);
      setBusy(true);
      setError(undefined);
      setPerson(undefined);
      try {
        setPerson(await client.contacts.find(text.trim()));
      } catch (failed) {
        setError(codeOf(failed));
      }
      setBusy(false);
    },
    [client],
  );
  return { query, busy, error, person, type, find, fail: setError };
}
