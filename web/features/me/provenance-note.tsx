"use client";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { Provenance } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";

/** Says, once and only here, where what relays say is not proven. */
export default function ProvenanceNote() {
  const t = useTranslations("provenance");
  const client = useClient();
  const [known, setKnown] = useState<Provenance>();
  useEffect(() => {
    let current = true;
    client.provenance().then(
      (said) => current && setKnown(said),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [client]);
  return known && known !== "proven" ? <p className="px-4 py-3 text-13 text-ink-faint">{t(known)}</p> : null;
}
