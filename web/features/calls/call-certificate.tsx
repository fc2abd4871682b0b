"use client";
import { Stamp } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Certificate } from "../../lib/types.ts";
import { cx } from "../../ui/cx.ts";
import { useStandstill } from "../shell/connection.ts";

/** The moment the chain certifies the session: a small tick, nothing that interrupts. */
export function CallCertificate({ certificate }: { certificate: Certificate }) {
  const t = useTranslations("calls");
  const isStanding = useStandstill();
  const certified = certificate.state === "certified";
  if (certificate.state === "failed") return null;
  return (
    <span
      role="status"
      data-testid="call-certificate"
      data-state={certificate.state}
      className={cx(
        "pressable inline-flex h-8 items-center gap-1.5 rounded-full bg-stage-raised/85 px-3 text-13",
        certified ? "text-[oklch(0.85_0.12_152)]" : "text-on-stage-soft",
      )}
    >
      {certified ? (
        <svg
          aria-hidden="true"
          viewBox="0 0 24 24"
          className="size-4"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.75"
        >
          <path className="anim-tick" d="M4.5 12.5l5 5 10-11" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
      ) : (
        <Stamp aria-hidden className="size-4 animate-[breathe_1.6s_ease-in-out_infinite]" />
      )}
      {t(certified ? "certified" : isStanding ? "certifyingLater" : "certifying")}
    </span>
  );
}
