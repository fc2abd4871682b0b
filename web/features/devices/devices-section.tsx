"use client";
import { Link2, MonitorSmartphone } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { onDemand } from "../../lib/on-demand.ts";
import type { DeviceInfo } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Section } from "../me/section.tsx";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { DeviceRow } from "./device-row.tsx";
import { introduceDevice, readDevices, useDevices } from "./model.ts";
import { RenameSheet } from "./rename-sheet.tsx";

const RemoveSheet = onDemand(() => import("./remove-sheet.tsx"));

/** Where one's identity is in use, and how it gets to a further device. */
export default function DevicesSection() {
  const t = useTranslations("devices");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const router = useRouter();
  const client = useClient();
  const { devices, error, revoked } = useDevices();
  const [renaming, setRenaming] = useState<DeviceInfo>();
  const [revoking, setRevoking] = useState<DeviceInfo>();
  useEffect(() => void introduceDevice(client), [client]);
  const alone = devices?.length === 1;
  return (
    <Section title={t("title")} hint={alone ? t("alone") : t("hint")}>
      {devices ? (
        <ul aria-label={t("title")} className="divide-y divide-hairline">
          {devices.map((device) => (
            <DeviceRow
              key={device.key}
              device={device}
              onRename={() => setRenaming(device)}
              onRevoke={() => setRevoking(device)}
            />
          ))}
        </ul>
      ) : (
        !error && (
          <div className="flex items-center gap-3 p-4">
            <Skeleton className="size-10 rounded-sm" />
            <div className="flex-1">
              <Skeleton className="mb-2 h-3.5 w-2/5" />
              <Skeleton className="h-3 w-3/5" />
            </div>
          </div>
        )
      )}
      {error && (
        <div role="alert" className="flex flex-wrap items-center justify-between gap-2 py-2.5 pr-2 pl-4">
          <p className="text-13 text-bad">{errorText(error)}</p>
          <Button small look="plain" onClick={() => void readDevices(client)}>
            {common("retry")}
          </Button>
        </div>
      )}
      {!revoked && (
        <div className="flex flex-wrap gap-2 p-3">
          <Button small look="quiet" onClick={() => router.push("/approve/")}>
            <MonitorSmartphone aria-hidden className="size-4" />
            {t("approveTitle")}
          </Button>
          {devices && !alone && (
            <Button small look="plain" onClick={() => router.push("/link/")}>
              <Link2 aria-hidden className="size-4" />
              {t("bringTitle")}
            </Button>
          )}
        </div>
      )}
      {renaming && <RenameSheet device={renaming} onClose={() => setRenaming(undefined)} />}
      {revoking && <RemoveSheet device={revoking} onClose={() => setRevoking(undefined)} />}
    </Section>
  );
}
