"use client";
import { useEffect, useState } from "react";
import type { ConversationId, MessageId, SearchResult } from "../../lib/types.ts";
import type { NameOf } from "../message/types.ts";
import { useClient } from "../session/use-client.ts";
import SearchPane from "./search-pane.tsx";

const pageSize = 50;
/** Typing goes on meanwhile. */
const restMs = 150;

interface ConversationSearchProps {
  id: ConversationId;
  nameOf: NameOf;
  onJump(message: MessageId): void;
  onClose(): void;
}

/** Searches the messages of one conversation while somebody types. */
export default function ConversationSearch({ id, nameOf, onJump, onClose }: ConversationSearchProps) {
  const client = useClient();
  const [query, setQuery] = useState("");
  const [limit, setLimit] = useState(pageSize);
  const [found, setFound] = useState<{ for: string; results: SearchResult[] }>();
  const words = query.trim();

  useEffect(() => {
    if (!words) return setFound(undefined);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      client.search(words, { conversationId: id, limit, signal: abort.signal }).then(
        (results) => setFound({ for: words, results }),
        () => !abort.signal.aborted && setFound({ for: words, results: [] }),
      );
    }, restMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [client, id, words, limit]);

  const results = found?.results ?? [];
  return (
    <SearchPane
      query={query}
      onQuery={(next) => {
        setQuery(next);
        setLimit(pageSize);
      }}
      state={!words ? "idle" : found?.for === words ? "done" : "searching"}
      results={results}
      nameOf={nameOf}
      onJump={({ message }) => onJump(message.id)}
      onClose={onClose}
      onMore={results.length === limit ? () => setLimit((now) => now + pageSize) : undefined}
    />
  );
}
