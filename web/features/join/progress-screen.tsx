"use client";
import { Check, CircleAlert, LoaderCircle, PenLine } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import type { Client, JoinStep } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { useStandstill } from "../shell/connection.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { Frame } from "./frame.tsx";
import { screenFor, stepsFor, useJoin } from "./model.ts";

const forWallet: JoinStep[] = ["sign-identity", "sign-identity-again", "sign-registration", "sign-devices"];

export function ProgressScreen({ client, onJoin }: { client: Client; onJoin(client: Client): void }) {
  const t = useTranslations("join.progress");
  const common = useTranslations("common");
  const line = useTranslations("line");
  const errorText = useErrorText();
  const isStanding = useStandstill();
  const { step, error, nameState, onlyDevice, walletKind, go, result } = useJoin();
  const returning = nameState.kind === "yours";
  const steps = stepsFor(returning, !returning, onlyDevice);
  const finished = result !== undefined || step === "done";
  // A step that is skipped or unknown here never moves the list backwards.
  const furthest = useRef(0);
  furthest.current = Math.max(furthest.current, step && step !== "done" ? steps.indexOf(step) : 0);
  const at = finished ? steps.length : furthest.current;
  const waitsForWallet = walletKind === "browser" && step !== undefined && forWallet.includes(step) && !error;
  return (
    <Frame title={returning ? t("titleBack") : t("title")} open={0.62 + (at / steps.length) * 0.38}>
      <ol aria-live="polite" className="flex flex-col">
        {steps.map((name, index) => (
          <li
            key={name}
            aria-current={index === at ? "step" : undefined}
            className={cx(
              "pressable flex min-h-10 items-center gap-3",
              index < at ? "text-ink" : index === at ? "font-medium" : "text-ink-faint",
            )}
          >
            <StepMark
              state={index < at ? "done" : index > at ? "ahead" : error ? "failed" : "now"}
              wallet={waitsForWallet}
            />
            {t(name)}
          </li>
        ))}
      </ol>
      <div className="mt-5 min-h-24">
        {error ? (
          <div role="alert" className="anim-rise rounded-md bg-bad-soft px-4 py-3.5">
            <p className="font-medium text-bad">{t("failed")}</p>
            <p className="mt-1">{errorText(error)}</p>
            <div className="mt-3 flex gap-2">
              <Button small look="primary" onClick={() => onJoin(client)}>
                {common("retry")}
              </Button>
              <Button small look="outline" onClick={() => go(screenFor(error))}>
                {t("change")}
              </Button>
            </div>
          </div>
        ) : (
          !finished && (
            <p role="status" className="text-ink-soft">
              {waitsForWallet ? t("confirm") : isStanding ? line("waits") : t("working")}
            </p>
          )
        )}
      </div>
    </Frame>
  );
}

function StepMark({ state, wallet }: { state: "done" | "now" | "ahead" | "failed"; wallet: boolean }) {
  const base = "flex size-6 shrink-0 items-center justify-center rounded-full";
  if (state === "done") {
    return (
      <span className={cx(base, "anim-grow bg-good-soft text-good")}>
        <Check aria-hidden className="size-3.5" strokeWidth={2.5} />
      </span>
    );
  }
  if (state === "failed") return <CircleAlert aria-hidden className="size-6 p-0.5 text-bad" />;
  if (state === "ahead") {
    return (
      <span className={base}>
        <span className="size-1.5 rounded-full bg-edge" />
      </span>
    );
  }
  return (
    <span className={cx(base, wallet ? "bg-wait-soft text-wait" : "text-accent")}>
      {wallet ? (
        <PenLine aria-hidden className="size-3.5" />
      ) : (
        <LoaderCircle aria-hidden className="anim-turn size-5" />
      )}
    </span>
  );
}
