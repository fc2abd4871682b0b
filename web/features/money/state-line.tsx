"use client";
import { Check, CircleAlert, Clock3, Send } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ErrorCode, PaymentState } from "../../lib/types.ts";
import { Chip } from "../../ui/chip.tsx";
import { cx } from "../../ui/cx.ts";
import { useErrorText } from "../shell/use-error-text.ts";

const steps = ["signed", "sent", "final"] as const;
const looks = {
  signed: { tone: "wait", Icon: Clock3 },
  sent: { tone: "wait", Icon: Send },
  final: { tone: "good", Icon: Check },
  differs: { tone: "wait", Icon: CircleAlert },
  failed: { tone: "bad", Icon: CircleAlert },
} as const;

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
  /** In whose wallet it is in the end. */
  to: "me" | "other";
  name: string;
  /** Another chain than the network's own, which takes its own time. */
  chain: string | undefined;
}

/** Signed, sent, final: how far it has come, as a line and as a sentence that is read out when it changes. */
export function StateLine({ state, code, moved, to, name, chain }: StateLineProps) {
  const t = useTranslations("money.says");
  const errorText = useErrorText();
  const reached = state === "failed" ? 0 : state === "differs" ? steps.length : steps.indexOf(state) + 1;
  const words = sentence();
  function sentence(): string {
    if (state === "final") return t(to === "me" ? "finalMe" : "final", { name });
    if (state === "differs") {
      const amount = moved?.amount ?? "";
      return moved?.elsewhere
        ? t(to === "me" ? "elsewhereMe" : "elsewhere", { amount, name })
        : t("differs", { amount });
    }
    // Advice is for whoever pays; and while it is under way nobody is to pay again.
    if (!code || to === "me") return state === "sent" && chain ? t("sentElsewhere", { chain }) : t(state);
    return state === "failed" ? errorText(code as ErrorCode) : t("held");
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
