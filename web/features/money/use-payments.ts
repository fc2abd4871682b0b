import { useCallback, useEffect, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { ErrorCode, PaymentRecord } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";

const pageSize = 30;

/** The history of payments, page by page; what changes meanwhile is followed. */
export function usePayments() {
  const client = useClient();
  const [payments, setPayments] = useState<PaymentRecord[]>();
  const [more, setMore] = useState(false);
  const [error, setError] = useState<ErrorCode>();
  const last = payments?.at(-1)?.at;

  const read = useCallback(
    async (before?: number) => {
      setError(undefined);
      try {
        const page = await client.money.history({ limit: pageSize, ...(before === undefined ? {} : { before }) });
        setMore(page.length === pageSize);
        setPayments((known = []) => [
          ...known,
          ...page.filter(({ message }) => !known.some((other) => other.message.id === message.id)),
        ]);
      } catch (failed) {
        setError(codeOf(failed));
      }
    },
    [client],
  );
  useEffect(() => {
    setPayments(undefined);
    void read();
    return client.on("message", (message) =>
      setPayments((known) =>
        known?.map((record) => (record.message.id === message.id ? { ...record, message } : record)),
      ),
    );
  }, [client, read]);
  return { payments, more, error, load: () => void read(last) };
}
