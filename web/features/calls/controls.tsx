"use client";
import { Mic, MicOff, PhoneOff, Settings2, Video, VideoOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { onDemand } from "../../lib/on-demand.ts";
import type { Call, CallSnapshot } from "../../lib/types.ts";
import { cx } from "../../ui/cx.ts";
import { Tip } from "../../ui/tip.tsx";

const DeviceSheet = onDemand(() => import("./device-sheet.tsx"));

export function Controls({ call, snapshot }: { call: Call; snapshot: CallSnapshot }) {
  const t = useTranslations("calls");
  const [devices, setDevices] = useState(false);
  const { muted, cameraOn } = snapshot;
  return (
    <div
      role="toolbar"
      aria-label={t("window", { name: snapshot.contact.pseudonym })}
      className="relative z-10 flex items-center justify-center gap-3 px-4 pt-2 pb-[max(2rem,var(--safe-bottom))] wide:pb-7"
    >
      <Control
        label={muted ? t("unmute") : t("mute")}
        shortcut="M"
        off={muted}
        onClick={() => void call.setMuted(!muted)}
      >
        {muted ? <MicOff aria-hidden /> : <Mic aria-hidden />}
      </Control>
      <Control
        label={cameraOn ? t("cameraOff") : t("cameraOn")}
        shortcut="V"
        off={!cameraOn}
        onClick={() => void call.setCamera(!cameraOn)}
      >
        {cameraOn ? <Video aria-hidden /> : <VideoOff aria-hidden />}
      </Control>
      <Control label={t("devices")} onClick={() => setDevices(true)}>
        <Settings2 aria-hidden />
      </Control>
      <Control label={t("hangUp")} shortcut="H" danger onClick={() => void call.hangUp()}>
        <PhoneOff aria-hidden />
      </Control>
      {devices && <DeviceSheet call={call} onClose={() => setDevices(false)} />}
    </div>
  );
}

interface ControlProps {
  label: string;
  shortcut?: string;
  /** Something of one's own that is switched off. */
  off?: boolean;
  danger?: boolean;
  onClick(): void;
  children: ReactNode;
}

function Control({ label, shortcut, off, danger, onClick, children }: ControlProps) {
  return (
    <Tip text={label} shortcut={shortcut} side="top">
      <button
        type="button"
        aria-label={label}
        aria-keyshortcuts={shortcut}
        onClick={onClick}
        className={cx(
          "pressable flex size-14 items-center justify-center rounded-full focus-visible:outline-on-stage! active:scale-95 [&>svg]:size-6",
          danger
            ? "bg-[oklch(0.53_0.18_27)] text-white hover:bg-[oklch(0.58_0.18_27)]"
            : off
              ? "bg-on-stage text-stage"
              : "bg-stage-raised/90 text-on-stage hover:bg-stage-raised",
        )}
      >
        {children}
      </button>
    </Tip>
  );
}
