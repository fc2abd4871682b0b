"use client";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { useDayClock } from "../../lib/when.ts";
import { Button } from "../../ui/button.tsx";
import { SwitchRow } from "../../ui/switch.tsx";
import { ConfirmSheet } from "../groups/confirm-sheet.tsx";
import { useClient } from "../session/use-client.ts";
import { BackupRoom } from "./backup-room.tsx";
import { useHistory } from "./history.ts";

/** The backup at one's relays: whether there is one, how it stands, and a new one at a word. */
export function RelayBackup() {
  const t = useTranslations("history");
  const client = useClient();
  const when = useDayClock();
  const { work, backup, allowance, look, backUp, bring, drop } = useHistory();
  const [dropping, setDropping] = useState(false);
  useEffect(() => void look(client).catch(() => undefined), [client, look]);
  const busy = work.state === "busy";
  const on = backup !== undefined && backup !== "unread" ? backup : undefined;
  const leftOut = on ? on.messages.total - on.messages.done : 0;
  return (
    <>
      <SwitchRow
        label={t("relays")}
        hint={t("relaysHint")}
        checked={on !== undefined || (busy && work.kind === "back-up")}
        disabled={busy || backup === "unread" || (on === undefined && allowance?.days === 0)}
        onChange={(wanted) => (wanted ? void backUp(client) : setDropping(true))}
      />
      {allowance && <BackupRoom allowance={allowance} until={on?.expiresAt} />}
      {on ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5 pr-2 pl-4">
          <div className="min-w-48 flex-1 text-13 text-ink-soft">
            <p className="tabular text-15 text-ink">{t("backupAt", { when: when(on.at) })}</p>
            <p className="tabular mt-0.5">
              {on.relays > 0
                ? t("backupWhere", { relays: on.relays, of: on.of, until: when(on.expiresAt) })
                : t("backupNowhere")}
            </p>
            {leftOut > 0 && <p className="mt-0.5 text-wait">{t("backupLeftOut", { count: leftOut })}</p>}
          </div>
          <Button small look="plain" disabled={busy} onClick={() => void backUp(client)}>
            {t("backUpNow")}
          </Button>
        </div>
      ) : (
        backup === undefined &&
        !(busy && work.kind === "back-up") && (
          <div className="px-2 py-2">
            <Button small look="plain" disabled={busy} onClick={() => void bring(client)}>
              {t("bring")}
            </Button>
          </div>
        )
      )}
      {dropping && (
        <ConfirmSheet
          danger
          title={t("dropTitle")}
          text={t("dropText")}
          action={t("dropAction")}
          onConfirm={() => drop(client)}
          onClose={() => setDropping(false)}
        />
      )}
    </>
  );
}
