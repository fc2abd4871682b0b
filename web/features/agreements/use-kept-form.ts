import { useCallback, useEffect, useRef, useState } from "react";
import { useClient } from "../session/use-client.ts";
import type { AgreementForm } from "./form.ts";

/** A form that is there again after the tab was closed: kept encrypted beside the history, for each conversation. */
export function useKeptForm(name: string) {
  const { kept } = useClient();
  const [form, setForm] = useState<AgreementForm>();
  const [loaded, setLoaded] = useState(false);
  const latest = useRef<AgreementForm>(undefined);
  /** One write after the other: the last one has to be the last. */
  const writing = useRef(Promise.resolve());
  useEffect(() => {
    let gone = false;
    kept.get(name).then(
      (bytes) => {
        if (gone) return;
        // Written by this program; what an older one wrote and cannot be read is as good as none.
        if (bytes && !latest.current) setForm(parsed(bytes));
        setLoaded(true);
      },
      () => gone || setLoaded(true),
    );
    return () => {
      gone = true;
    };
  }, [kept, name]);
  const change = useCallback(
    (next: AgreementForm | undefined) => {
      latest.current = next;
      setForm(next);
      writing.current = writing.current
        .then(() => (next ? kept.put(name, new TextEncoder().encode(JSON.stringify(next))) : kept.remove(name)))
        // It is on the screen all the same.
        .catch(() => undefined);
    },
    [kept, name],
  );
  return { form, loaded, change };
}

function parsed(bytes: Uint8Array): AgreementForm | undefined {
  try {
    const found = JSON.parse(new TextDecoder().decode(bytes)) as AgreementForm;
    return typeof found.template === "string" && Array.isArray(found.milestones) ? found : undefined;
  } catch {
    return undefined;
  }
}
