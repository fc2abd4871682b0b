"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { onDemand } from "../../lib/on-demand.ts";
import { OpenRow } from "../groups/choice-row.tsx";

const ProofSheet = onDemand(() => import("./proof-sheet.tsx"));

/** Opens an agreement out of the file that proves it. */
export function ProofRow() {
  const t = useTranslations("agreements");
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <OpenRow label={t("proofs.title")} onOpen={() => setOpen(true)} />
      {open && <ProofSheet onBack={close} onClose={close} />}
    </>
  );
}
