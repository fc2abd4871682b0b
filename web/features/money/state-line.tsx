"use client";
import { Check, CircleAlert, Clock3, Send } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ErrorCode, PaymentState } from "../../lib/types.ts";
import { Chip } from "../../ui/chip.tsx";
import { cx } from "../../ui/cx.ts";
import { useStandstill } from "../shell/connection.ts";
import { useErrorText } from "../shell/use-error-text.ts";

const steps = ["signed", "sent", "final"] as const;
const looks = {
  signed: { tone: "wait", Icon: Clock3 },
  sent: { tone: "wait", Icon: Send },
  unsure: { tone: "wait", Icon: CircleAlert },
  final: { tone: "good", Icon: Check },
  differs: { tone: "wait", Icon: CircleAlert },
  failed: { tone: "bad", Icon: CircleAlert },
} as const;

/** How many steps of the line. What is in doubt was sent. */
const lit = (state: "signed" | "sent" | "unsure" | "final"): number =>
  steps.indexOf(state === "unsure" ? "sent" : state) + 1;

/** The state in a word. */
export function StateChip({ state }: { state: PaymentState }) {
  const t = useTranslations("money.state");
  const { tone, Icon } = looks[state];
  return (
    <Chip tone={tone} icon={<Icon aria-hidden />}>
      {t(state)}
    </Chip>
  );
}

/** Nobody here can look at the chain. */
export function Unchecked() {
  const t = useTranslations("money");
  return (
    <Chip tone="wait" icon={<CircleAlert aria-hidden />}>
      {t("unchecked")}
    </Chip>
  );
}

interface StateLineProps {
  state: PaymentState;
  code?: string | undefined;
  /** What moved instead, where it differs. */
  moved?: { amount: string; elsewhere: boolean } | undefined;
  /** Who reads it. */
  reader: "payer" | "payee" | "other";
  /** Who pays, and in whose wallet it is in the end. */
  from: string;
  name: string;
  /** Another chain than the network's own, which takes its own time. */
  chain: string | undefined;
}

/** Signed, sent, final: how far it has come, as a line and as a sentence that is read out when it changes. */
export function StateLine({ state, code, moved, reader, from, name, chain }: StateLineProps) {
  const t = useTranslations("money.says");
  const line = useTranslations("line");
  const errorText = useErrorText();
  const isStanding = useStandstill();
  const reached = state === "failed" ? 0 : state === "differs" ? steps.length : lit(state);
  const words = sentence();
  function sentence(): string {
    const mine = reader === "payee";
    if (state === "final") return t(mine ? "finalMe" : "final", { name });
    if (state === "differs") {
      const amount = moved?.amount ?? "";
      return moved?.elsewhere ? t(mine ? "elsewhereMe" : "elsewhere", { amount, name }) : t("differs", { amount });
    }
    if (state === "unsure") return t(reader === "payer" ? "unsure" : "unsureOther");
    // Advice is for whoever pays; and while it is under way nobody is to pay again.
    if (state === "failed") return code && reader === "payer" ? errorText(code as ErrorCode) : t("failed");
    if (code && reader !== "payee") return t(reader === "payer" ? "held" : "heldOther");
    if (!chain && isStanding) return line("waits");
    if (state === "sent" && chain) return t("sentElsewhere", { chain });
    return reader === "other" ? t(`${state}Other`, { from, name }) : t(state);
  }
  return (
    <div className="mt-2.5">
      <div aria-hidden className="flex gap-1">
        {steps.map((step, index) => (
          <span
            key={step}
            className={cx(
              "h-1 flex-1 rounded-full transition-colors duration-[200ms]",
              index >= reached ? "bg-sunken" : state === "final" ? "bg-good" : "bg-wait",
            )}
          />
        ))}
      </div>
      <p role="status" className={cx("mt-1.5 text-13", state === "failed" ? "text-bad" : "text-ink-soft")}>
        {words}
      </p>
    </div>
  );
}
