"use client";
import { Ellipsis, Monitor, PencilLine, Smartphone, Unlink } from "lucide-react";
import { useTranslations } from "next-intl";
import type { DeviceInfo } from "../../lib/types.ts";
import { useListTime } from "../../lib/when.ts";
import { Chip } from "../../ui/chip.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { shortId } from "../contacts/short-id.ts";
import { useDeviceName } from "./use-device-name.ts";

interface DeviceRowProps {
  device: DeviceInfo;
  onRename(): void;
  onRevoke(): void;
}

const handheld = /\b(?:phone|iphone|ipad|android|mobile)\b|手机|平板/i;

export function DeviceRow({ device, onRename, onRevoke }: DeviceRowProps) {
  const t = useTranslations("devices");
  const time = useListTime();
  const name = useDeviceName()(device);
  const { key, current, since, lastSeen } = device;
  const Icon = handheld.test(device.name) ? Smartphone : Monitor;
  const facts = [
    since !== undefined && t("since", { when: time(since) }),
    !current && lastSeen !== undefined && t("lastSeen", { when: time(lastSeen) }),
  ].filter(Boolean);
  return (
    <li className="flex min-h-16 items-center gap-3 py-2 pr-1.5 pl-4">
      <span aria-hidden className="flex size-10 shrink-0 items-center justify-center rounded-sm bg-raised text-accent">
        <Icon className="size-5" strokeWidth={1.75} />
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <bdi className="truncate">{name}</bdi>
          {current && <Chip tone="accent">{t("here")}</Chip>}
        </span>
        {facts.length > 0 && <span className="block text-13 text-ink-faint">{facts.join(" · ")}</span>}
        <span className="block truncate text-12 text-ink-faint">{t("key", { key: shortId(key) })}</span>
      </span>
      <Menu
        entries={[
          { label: t("rename"), icon: <PencilLine />, onSelect: onRename },
          ...(current ? [] : [{ label: t("revoke"), icon: <Unlink />, danger: true, onSelect: onRevoke }]),
        ]}
      >
        <IconButton label={t("more", { name })}>
          <Ellipsis aria-hidden className="size-5" />
        </IconButton>
      </Menu>
    </li>
  );
}
