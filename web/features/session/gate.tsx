"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { onDemand } from "../../lib/on-demand.ts";
import { Mark } from "../../ui/brand.tsx";
import { Button } from "../../ui/button.tsx";
import { ClosedDoor, OtherRoom, Unplugged } from "../../ui/drawings.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { type Session, useSession } from "./model.ts";
import { Notice } from "./notice.tsx";

/** Few see them, and every page has a gate. */
const LockScreen = onDemand(() => import("../lock/lock-screen.tsx"), <Opening />);
/** Of no use before somebody has joined. */
const IdleLock = onDemand(() => import("../lock/idle-lock.tsx"));
const Damaged = onDemand(() => import("./damaged.tsx"), <Opening />);

interface GateProps {
  /** States in which the page itself is shown; for all others the gate says what is the matter. */
  open: Session["status"][];
  children: ReactNode;
}

export function Gate({ open, children }: GateProps) {
  const { session, takeOver, retry } = useSession();
  const t = useTranslations("gate");
  const common = useTranslations("common");
  const errorText = useErrorText();
  if (session.status === "elsewhere") {
    return (
      <Notice drawing={<OtherRoom />} title={t("elsewhereTitle")} text={t("elsewhere")}>
        <Button look="primary" onClick={() => void takeOver()}>
          {t("useHere")}
        </Button>
      </Notice>
    );
  }
  if (session.status === "unsafe") {
    return <Notice drawing={<ClosedDoor />} title={t("gatewayTitle")} text={t("gateway")} />;
  }
  if (session.status === "locked") {
    return <LockScreen />;
  }
  if (session.status === "locking") return <Locking done={session.done} />;
  // Nothing else helps, so that a page for newcomers must not hide it.
  if (session.status === "broken" && session.code === "STORE_CORRUPT") {
    return <Damaged />;
  }
  if (open.includes(session.status)) {
    return (
      <>
        {children}
        {session.status === "joined" && <IdleLock />}
      </>
    );
  }
  if (session.status === "broken") {
    return (
      <Notice drawing={<Unplugged />} title={t("brokenTitle")} text={errorText(session.code)}>
        <Button look="primary" onClick={() => void retry()}>
          {common("retry")}
        </Button>
      </Notice>
    );
  }
  return <Opening />;
}

function Opening() {
  const t = useTranslations("gate");
  return (
    <div role="status" aria-label={t("opening")} className="anim-late flex min-h-dvh items-center justify-center">
      <span className="animate-[breathe_1.6s_ease-in-out_infinite]">
        <Mark size={44} />
      </span>
    </div>
  );
}

function Locking({ done }: { done: number }) {
  const t = useTranslations("lock");
  return (
    <main className="anim-fade flex min-h-dvh flex-col items-center justify-center gap-4 px-6 text-center">
      <span className="animate-[breathe_1.6s_ease-in-out_infinite]">
        <Mark size={44} />
      </span>
      <h1 className="text-17 font-semibold">{t("working")}</h1>
      <p className="max-w-96 text-balance text-13 text-ink-soft">{t("workingText")}</p>
      <ProgressBar label={t("working")} share={done} className="mt-1 w-48" />
    </main>
  );
}
