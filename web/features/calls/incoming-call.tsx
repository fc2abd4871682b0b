"use client";
import { Phone, PhoneOff, Video } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Call, CallSnapshot } from "../../lib/types.ts";
import { cx } from "../../ui/cx.ts";
import { Face } from "../contacts/face.tsx";

/** Fills a phone; on a wide screen a card at the top, so that work is not hidden. */
export function IncomingCall({ call, snapshot }: { call: Call; snapshot: CallSnapshot }) {
  const t = useTranslations("calls");
  const [busy, setBusy] = useState(false);
  const answer = useRef<HTMLButtonElement>(null);
  useEffect(() => answer.current?.focus(), []);
  const accept = (video: boolean) => {
    setBusy(true);
    void call.accept({ video }).catch(() => setBusy(false));
  };
  const { contact, video } = snapshot;
  const kind = t(video ? "incomingVideo" : "incomingAudio");
  return (
    <div
      role="alertdialog"
      aria-label={`${kind}: ${contact.pseudonym}`}
      className="anim-grow fixed z-50 flex flex-col items-center bg-stage text-on-stage shadow-float max-wide:inset-0 max-wide:justify-between max-wide:px-8 max-wide:pt-[18dvh] max-wide:pb-[max(3rem,var(--safe-bottom))] wide:top-5 wide:left-1/2 wide:w-100 wide:-translate-x-1/2 wide:flex-row wide:gap-4 wide:rounded-lg wide:p-4"
    >
      <div className="flex min-w-0 flex-col items-center gap-1 text-center wide:flex-1 wide:flex-row wide:gap-4 wide:text-left">
        <span className="relative mb-5 inline-flex wide:mb-0">
          <span aria-hidden className="anim-ring absolute inset-0 rounded-full border-2 border-on-stage/50" />
          <Face contact={contact} size={112} className="max-wide:block wide:hidden" />
          <Face contact={contact} size={48} className="max-wide:hidden" />
        </span>
        <div className="min-w-0 max-w-full">
          <p className="truncate text-28 font-semibold tracking-[-0.02em] wide:text-17">{contact.pseudonym}</p>
          <p className="text-15 text-on-stage-soft wide:text-13">{kind}</p>
        </div>
      </div>
      <div className="flex flex-col items-center gap-5">
        <div className="flex gap-14 wide:gap-2">
          <Round label={t("decline")} tone="bad" disabled={busy} onClick={() => void call.decline()}>
            <PhoneOff aria-hidden />
          </Round>
          <Round ref={answer} label={t("answer")} tone="good" disabled={busy} onClick={() => accept(video)}>
            {video ? <Video aria-hidden /> : <Phone aria-hidden />}
          </Round>
        </div>
        {video && (
          <button
            type="button"
            disabled={busy}
            onClick={() => accept(false)}
            className="pressable min-h-11 rounded-md px-4 text-on-stage-soft hover:text-on-stage wide:hidden"
          >
            {t("answerAudio")}
          </button>
        )}
      </div>
    </div>
  );
}

interface RoundProps {
  ref?: React.Ref<HTMLButtonElement>;
  label: string;
  tone: "good" | "bad";
  disabled: boolean;
  onClick(): void;
  children: ReactNode;
}

function Round({ ref, label, tone, disabled, onClick, children }: RoundProps) {
  return (
    <span className="flex flex-col items-center gap-2">
      <button
        ref={ref}
        type="button"
        aria-label={label}
        disabled={disabled}
        onClick={onClick}
        className={cx(
          "pressable flex size-18 items-center justify-center rounded-full text-white active:scale-95 disabled:opacity-60 wide:size-12 [&>svg]:size-7 wide:[&>svg]:size-5",
          tone === "good"
            ? "bg-[oklch(0.5_0.12_152)] hover:bg-[oklch(0.55_0.12_152)]"
            : "bg-[oklch(0.53_0.18_27)] hover:bg-[oklch(0.58_0.18_27)]",
        )}
      >
        {children}
      </button>
      <span aria-hidden className="text-13 text-on-stage-soft wide:hidden">
        {label}
      </span>
    </span>
  );
}
