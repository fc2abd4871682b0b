"use client";
import { Minimize2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import type { Call, CallSnapshot, ErrorCode } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { Tip } from "../../ui/tip.tsx";
import { Face } from "../contacts/face.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { CallCertificate } from "./call-certificate.tsx";
import { CallTime } from "./call-time.tsx";
import { Controls } from "./controls.tsx";
import { useCalls } from "./model.ts";
import { Quality } from "./quality.tsx";
import { useShortcuts } from "./shortcuts.ts";
import { Video } from "./video.tsx";
import { useStateWords } from "./words.ts";

interface CallViewProps {
  call: Call;
  snapshot: CallSnapshot;
}

export function CallScreen({ call, snapshot }: CallViewProps) {
  const t = useTranslations("calls");
  const { setShrunk } = useCalls();
  const { contact, state, remote, cameraOn } = snapshot;
  const name = contact.pseudonym;
  const frame = useRef<HTMLDivElement>(null);
  useShortcuts(call, snapshot);
  useEffect(() => frame.current?.focus({ preventScroll: true }), []);
  const live = state === "connected" || state === "reconnecting";
  const picture = live && remote.cameraOn && call.remoteStream !== undefined;
  return (
    <div
      ref={frame}
      role="dialog"
      aria-label={t("window", { name })}
      tabIndex={-1}
      className="anim-fade fixed inset-0 z-45 flex flex-col bg-stage text-on-stage outline-none!"
    >
      {picture && (
        <Video
          stream={call.remoteStream}
          label={t("remoteVideo", { name })}
          className={cx(
            "absolute inset-0 size-full object-cover wide:object-contain",
            state === "reconnecting" && "opacity-40",
          )}
        />
      )}
      <header className="relative z-10 flex items-start gap-3 p-3 pt-[max(0.75rem,var(--safe-top))] wide:p-5">
        {state !== "ended" && (
          <Tip text={t("shrink")} shortcut="Esc">
            <button
              type="button"
              aria-label={t("shrink")}
              onClick={() => setShrunk(true)}
              className="pressable flex size-11 items-center justify-center rounded-full bg-stage-raised/80 hover:bg-stage-raised"
            >
              <Minimize2 aria-hidden className="size-5" />
            </button>
          </Tip>
        )}
        <div className="flex flex-1 flex-wrap items-center justify-end gap-2">
          {snapshot.relayedOnly && <StageChip>{t("relayed")}</StageChip>}
          {live && <Quality quality={snapshot.quality} />}
          {state !== "ended" && <CallCertificate certificate={snapshot.certificate} />}
        </div>
      </header>
      <Middle snapshot={snapshot} picture={picture} />
      {state !== "ended" && cameraOn && call.localStream && (
        <div className="absolute right-3 bottom-34 z-10 w-28 overflow-hidden rounded-md shadow-float wide:right-6 wide:bottom-6 wide:w-56">
          <Video
            stream={call.localStream}
            label={t("ownVideo")}
            mirrored
            className="aspect-[3/4] w-full bg-stage-raised object-cover wide:aspect-video"
          />
        </div>
      )}
      {state !== "ended" && <Controls call={call} snapshot={snapshot} />}
    </div>
  );
}

function Middle({ snapshot, picture }: { snapshot: CallSnapshot; picture: boolean }) {
  const t = useTranslations("calls");
  const words = useStateWords(snapshot);
  const errorText = useErrorText();
  const { start, dismiss } = useCalls();
  const { contact, state, remote, end, speaking, problems } = snapshot;
  const name = contact.pseudonym;
  const live = state === "connected" || state === "reconnecting";
  const again =
    state === "ended" && end?.reason !== "hung-up" && end?.reason !== "cancelled" && snapshot.direction === "out";
  return (
    <div
      className={cx(
        "pointer-events-none relative z-10 flex flex-1 flex-col items-center gap-2 px-6 text-center",
        picture ? "justify-end pb-4" : "justify-center",
      )}
    >
      {!picture && (
        <span className="relative mb-4 inline-flex">
          {(state === "ringing-out" || speaking?.remote) && (
            <span aria-hidden className="anim-ring absolute inset-0 rounded-full border-2 border-on-stage/40" />
          )}
          <Face contact={contact} size={128} />
        </span>
      )}
      <p
        className={cx(
          "font-semibold tracking-[-0.02em]",
          picture ? "rounded-full bg-stage/70 px-4 py-1 text-15" : "text-28",
        )}
      >
        {name}
        {picture && live && snapshot.connectedAt !== undefined && (
          <span className="ml-2 font-normal text-on-stage-soft">
            <CallTime since={snapshot.connectedAt} />
          </span>
        )}
      </p>
      {(!picture || state === "reconnecting") && (
        <p className="max-w-96 text-on-stage-soft">
          {state === "connected" && snapshot.connectedAt !== undefined ? (
            <CallTime since={snapshot.connectedAt} />
          ) : (
            words
          )}
        </p>
      )}
      {live && (
        <div role="status" className="flex min-h-8 flex-wrap justify-center gap-2">
          {remote.muted && <StageChip>{t("remoteMuted", { name })}</StageChip>}
          {snapshot.video && !remote.cameraOn && <StageChip>{t("remoteCameraOff", { name })}</StageChip>}
        </div>
      )}
      {state !== "ended" &&
        problems?.map(({ code }) => (
          <p key={code} role="alert" className="max-w-96 rounded-md bg-stage-raised px-4 py-2 text-13">
            {errorText(code as ErrorCode)}
          </p>
        ))}
      {state === "ended" && (
        <div className="pointer-events-auto mt-5 flex gap-3">
          {again && (
            <Button look="primary" onClick={() => void start(contact.publicId, snapshot.video)}>
              {t("again")}
            </Button>
          )}
          <CloseButton onClick={dismiss} />
        </div>
      )}
    </div>
  );
}

function CloseButton({ onClick }: { onClick(): void }) {
  const common = useTranslations("common");
  return (
    <Button className="bg-stage-raised! text-on-stage!" onClick={onClick}>
      {common("close")}
    </Button>
  );
}

export function StageChip({ children }: { children: React.ReactNode }) {
  return (
    <span className="inline-flex h-8 items-center gap-1.5 rounded-full bg-stage-raised/85 px-3 text-13 text-on-stage">
      {children}
    </span>
  );
}
