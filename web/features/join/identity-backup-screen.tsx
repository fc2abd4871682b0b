"use client";
import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { saveFile } from "../../lib/save-file.ts";
import type { JoinResult } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Frame } from "./frame.tsx";

interface IdentityBackupScreenProps {
  result: Extract<JoinResult, { kind: "registered-with-backup" }>;
  onDone(): void;
}

/** For wallets that cannot repeat a signature: without this file there is no way back. */
export function IdentityBackupScreen({ result, onDone }: IdentityBackupScreenProps) {
  const t = useTranslations("join.identityBackup");
  const common = useTranslations("common");
  const [saved, setSaved] = useState(false);
  const save = () => {
    saveFile(`skrumble-${result.identity.pseudonym}.backup`, [result.backup]);
    setSaved(true);
  };
  return (
    <Frame title={t("title")} lead={t("lead")} open={1}>
      <div className="flex flex-wrap gap-3">
        <Button look={saved ? "outline" : "primary"} onClick={save}>
          <Download aria-hidden className="size-4.5" />
          {saved ? t("again") : t("download")}
        </Button>
        <Button look={saved ? "primary" : "quiet"} disabled={!saved} onClick={onDone}>
          {common("continue")}
        </Button>
      </div>
      <p className="mt-4 text-13 text-ink-soft">{t("saved")}</p>
    </Frame>
  );
}
