import { useEffect, useState } from "react";
import type { UntoldPayment } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";

/** While something is in doubt, the device looks at the chain by itself; nothing tells of what it finds. */
const again = 5_000;

/** What the wallet was asked for and no conversation tells of, followed while somebody looks. */
export function useUntold(): readonly UntoldPayment[] {
  const client = useClient();
  const [payments, setPayments] = useState<readonly UntoldPayment[]>([]);
  useEffect(() => {
    let over = false;
    const read = () =>
      client.money.untold().then(
        (found) => over || setPayments(found),
        // What is shown stays: the list of payments beside it says what is wrong.
        () => undefined,
      );
    void read();
    const timer = setInterval(read, again);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [client]);
  return payments;
}
