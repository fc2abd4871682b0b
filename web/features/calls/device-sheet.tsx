"use client";
import { useTranslations } from "next-intl";
import { useEffect, useId, useState } from "react";
import { usePreferences } from "../../lib/preferences.ts";
import type { Call } from "../../lib/types.ts";
import { Sheet } from "../../ui/sheet.tsx";

type Devices = Record<MediaDeviceKind, MediaDeviceInfo[]>;

/** Which microphone, camera and speaker; takes effect at once and is remembered on this device. */
export default function DeviceSheet({ call, onClose }: { call: Call; onClose(): void }) {
  const t = useTranslations("calls");
  const devices = useDevices();
  const { microphone, camera, speaker, set } = usePreferences();
  return (
    <Sheet open onClose={onClose} title={t("devices")}>
      <div className="flex flex-col gap-4 pt-1">
        <Choice
          label={t("microphone")}
          value={microphone}
          devices={devices.audioinput}
          onChange={(id) => {
            set({ microphone: id });
            void call.setDevices({ microphone: id });
          }}
        />
        <Choice
          label={t("cameraDevice")}
          value={camera}
          devices={devices.videoinput}
          onChange={(id) => {
            set({ camera: id });
            void call.setDevices({ camera: id });
          }}
        />
        {devices.audiooutput.length > 0 && (
          <Choice
            label={t("speaker")}
            value={speaker}
            devices={devices.audiooutput}
            onChange={(id) => set({ speaker: id })}
          />
        )}
      </div>
    </Sheet>
  );
}

function useDevices(): Devices {
  const [devices, setDevices] = useState<Devices>({ audioinput: [], videoinput: [], audiooutput: [] });
  useEffect(() => {
    const read = async () => {
      const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
      const of = (kind: MediaDeviceKind) =>
        all.filter((device) => device.kind === kind && device.deviceId && device.deviceId !== "default");
      setDevices({ audioinput: of("audioinput"), videoinput: of("videoinput"), audiooutput: of("audiooutput") });
    };
    void read();
    const watched = navigator.mediaDevices;
    const changed = () => void read();
    watched?.addEventListener("devicechange", changed);
    return () => watched?.removeEventListener("devicechange", changed);
  }, []);
  return devices;
}

interface ChoiceProps {
  label: string;
  value: string;
  devices: MediaDeviceInfo[];
  onChange(id: string): void;
}

function Choice({ label, value, devices, onChange }: ChoiceProps) {
  const t = useTranslations("calls");
  const id = useId();
  const known = devices.some((device) => device.deviceId === value);
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-13 font-medium text-ink-soft">
        {label}
      </label>
      <select
        id={id}
        value={known ? value : ""}
        onChange={(event) => onChange(event.target.value)}
        className="h-12 w-full rounded-md border border-edge bg-float px-3 text-15"
      >
        <option value="">{t("deviceDefault")}</option>
        {devices.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || `${label} ${index + 1}`}
          </option>
        ))}
      </select>
    </div>
  );
}
