"use client";
import { CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import { ownedBy, removeOwned } from "../../lib/owned.ts";
import type { ErrorCode, Hex, OwnedIdentity } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { SwitchRow } from "../../ui/switch.tsx";
import { shortId } from "../contacts/short-id.ts";
import { useRun } from "../groups/use-run.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { Frame } from "./frame.tsx";
import { useJoin } from "./model.ts";

/** Without a device and without the code: the wallet takes devices off the list of its identity. */
export default function RemoveScreen() {
  const t = useTranslations("join.remove");
  const errorText = useErrorText();
  const { wallet, go } = useJoin();
  const [owned, setOwned] = useState<OwnedIdentity>();
  const [kept, setKept] = useState<Hex[]>([]);
  const [removed, setRemoved] = useState(0);
  const [unread, setUnread] = useState<ErrorCode>();
  const { busy, error, run } = useRun<"remove">();
  useEffect(() => {
    if (wallet) ownedBy(wallet.address).then(setOwned, (failed: unknown) => setUnread(codeOf(failed)));
  }, [wallet]);

  const devices = owned?.devices ?? [];
  const chosen = devices.filter((device) => !kept.includes(device));
  const remove = () =>
    run("remove", async () => {
      if (!wallet) return;
      setOwned(await removeOwned(wallet, chosen));
      setRemoved(chosen.length);
    });
  const name = owned?.pseudonym ?? "";
  const shown = error ?? unread;
  if (removed > 0) {
    return (
      <Frame title={t("doneTitle")} lead={t("done", { count: removed, name })} open={0.4}>
        <p className="flex gap-2.5 text-ink-soft">
          <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-good" />
          {t(devices.length === 0 ? "doneNone" : "doneSome", { count: devices.length, name })}
        </p>
        <Button look="primary" className="mt-6 max-wide:w-full" onClick={() => go("name")}>
          {t("goOn")}
        </Button>
      </Frame>
    );
  }
  return (
    <Frame title={t("title")} {...(owned ? { lead: t("lead", { name }) } : {})} open={0.2} onBack={() => go("name")}>
      {owned ? (
        <ul aria-label={t("list")} className="divide-y divide-hairline rounded-md border border-hairline bg-float">
          {devices.map((device, index) => (
            <li key={device}>
              <SwitchRow
                label={t("device", { number: index + 1 })}
                hint={<span className="font-mono">{shortId(device)}</span>}
                checked={!kept.includes(device)}
                disabled={busy !== undefined}
                onChange={(on) => setKept(on ? kept.filter((one) => one !== device) : [...kept, device])}
              />
            </li>
          ))}
        </ul>
      ) : (
        !unread && <Skeleton className="h-32 rounded-md" />
      )}
      <ul className="mt-4 flex list-disc flex-col gap-1.5 pl-4.5 text-13 text-ink-soft marker:text-ink-faint">
        {(["signs", "gone", "others", "stays"] as const).map((what) => (
          <li key={what}>{t(`means.${what}`)}</li>
        ))}
      </ul>
      <p role="alert" className="mt-3 min-h-5 text-13 text-bad">
        {shown && errorText(shown)}
      </p>
      <Button
        look="danger"
        className="mt-2 max-wide:w-full"
        busy={busy !== undefined}
        disabled={chosen.length === 0}
        onClick={() => void remove()}
      >
        {t("action", { count: chosen.length })}
      </Button>
    </Frame>
  );
}
