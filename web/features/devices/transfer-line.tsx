"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { onDemand } from "../../lib/on-demand.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { forgetTransfer, type TransferView, useTransfers } from "./transfers.ts";

// Every page has this line; few ever need the sheet.
const ConfirmSheet = onDemand(async () => ({ default: (await import("../groups/confirm-sheet.tsx")).ConfirmSheet }));

const action = "min-h-8 font-semibold whitespace-nowrap underline underline-offset-4";

/** What is handed over while one goes on with other things: how far it is, and what went wrong. */
export function TransferLine() {
  const { in: coming, out: going } = useTransfers();
  const path = usePathname();
  return (
    <>
      {coming && <Line view={coming} />}
      {going && !path.startsWith("/approve") && <Line view={going} />}
    </>
  );
}

function Line({ view: { direction, progress, state, error, cancel } }: { view: TransferView }) {
  const t = useTranslations("devices");
  const errorText = useErrorText();
  const [stopping, setStopping] = useState(false);
  const { done, total } = progress;
  const share = total > 0 ? done / total : 0;
  if (state === "failed") {
    return (
      <p role="alert" className="anim-fade bg-bad-soft px-4 py-1 text-center text-13 text-bad">
        {error && errorText(error)}{" "}
        <Link href={direction === "in" ? "/link/" : "/approve/"} className={action}>
          {direction === "in" ? t("newCode") : t("enterCode")}
        </Link>{" "}
        <button type="button" className={action} onClick={() => forgetTransfer(direction)}>
          {t("notNow")}
        </button>
      </p>
    );
  }
  if (state === "done") {
    return (
      <p role="status" className="anim-fade bg-accent-soft px-4 py-1 text-center text-13 text-accent-ink">
        {direction === "in" ? t("lineCame") : t("lineWent")}{" "}
        <button type="button" className={action} onClick={() => forgetTransfer(direction)}>
          {t("good")}
        </button>
      </p>
    );
  }
  return (
    <section
      aria-label={direction === "in" ? t("comingTitle") : t("sendingTitle")}
      className="anim-fade relative bg-accent-soft px-4 py-1 text-center text-13 text-accent-ink"
    >
      <span className="tabular">
        {direction === "in" ? t("lineComing") : t("lineGoing")} {total > 0 && t("messagesOf", { done, total })}
      </span>{" "}
      <button type="button" className={action} onClick={() => setStopping(true)}>
        {t("stop")}
      </button>
      <span
        aria-hidden
        className="absolute bottom-0 left-0 h-0.5 bg-accent transition-[width] duration-[200ms]"
        style={{ width: `${share * 100}%` }}
      />
      {stopping && (
        <ConfirmSheet
          danger
          title={t("stopTitle")}
          text={t("stopText")}
          action={t("stop")}
          onConfirm={cancel}
          onClose={() => setStopping(false)}
        />
      )}
    </section>
  );
}
