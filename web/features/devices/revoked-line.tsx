"use client";
import { Unlink } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { onDemand } from "../../lib/on-demand.ts";
import { useDevices } from "./model.ts";

// Every page has this line; few ever need the sheet.
const SignOutSheet = onDemand(async () => ({ default: (await import("../me/sign-out.tsx")).SignOutSheet }));

/** Another device has removed this one. Nothing is taken from the person's hands; they are told what works and what does not. */
export function RevokedLine() {
  const t = useTranslations("devices");
  const revoked = useDevices((state) => state.revoked);
  const [leaving, setLeaving] = useState(false);
  if (!revoked) return null;
  return (
    <div className="anim-fade bg-wait-soft px-4 py-2.5 text-13 text-wait">
      <p role="alert" className="mx-auto flex max-w-[68ch] items-start gap-3">
        <Unlink aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span>
          <span className="font-semibold">{t("revokedTitle")}</span> {t("revokedText")}{" "}
          <button
            type="button"
            className="relative font-semibold underline underline-offset-4 after:absolute after:-inset-3"
            onClick={() => setLeaving(true)}
          >
            {t("revokedAction")}
          </button>
        </span>
      </p>
      {leaving && <SignOutSheet onClose={() => setLeaving(false)} />}
    </div>
  );
}
