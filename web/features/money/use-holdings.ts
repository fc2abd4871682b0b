import { useCallback, useEffect, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { ErrorCode, Holding } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";
import { putAsset } from "./assets.ts";

/** What the wallet has of the listed assets, read when somebody looks and when a payment has come or gone. */
export function useHoldings() {
  const client = useClient();
  const [holdings, setHoldings] = useState<Holding[]>();
  const [error, setError] = useState<ErrorCode>();
  const load = useCallback(() => {
    setError(undefined);
    client.money.holdings().then(
      (found) => {
        for (const { asset } of found) putAsset(asset);
        setHoldings(found);
      },
      (failed: unknown) => setError(codeOf(failed)),
    );
  }, [client]);
  useEffect(() => {
    load();
    window.addEventListener("focus", load);
    const stop = client.on("message", ({ body }) => {
      if (body.type === "payment" && (body.state === "final" || body.state === "differs")) load();
    });
    return () => {
      window.removeEventListener("focus", load);
      stop();
    };
  }, [client, load]);
  return { holdings, error, load };
}
