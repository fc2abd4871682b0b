"use client";
import { useTranslations } from "next-intl";
import type { PacketEntry } from "../../lib/types.ts";
import { useListTime } from "../../lib/when.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Chip, type Tone } from "../../ui/chip.tsx";
import { cx } from "../../ui/cx.ts";
import { useNameOf } from "../conversation/names.ts";
import { useRun } from "../groups/use-run.ts";
import { amountText } from "../money/amount-text.ts";
import { useAsset } from "../money/assets.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { PacketIcon } from "./packet-icon.tsx";

interface PacketHistoryRowProps {
  entry: PacketEntry;
  onOpen(): void;
  onRefund(): Promise<void>;
}

const tones: Record<PacketEntry["stage"], Tone> = {
  open: "accent",
  taken: "plain",
  over: "wait",
  refunded: "plain",
  unsure: "wait",
};

/** One packet: whose, how much, how far it is; and what is to be done about it. */
export function PacketHistoryRow({ entry, onOpen, onRefund }: PacketHistoryRowProps) {
  const t = useTranslations("packetHistory");
  const packets = useTranslations("packets");
  const time = useListTime();
  const nameOf = useNameOf();
  const errorText = useErrorText();
  const asset = useAsset(entry.asset);
  const { busy, error, run } = useRun<"refund">();
  const { from, given, at, stage, shares, taken, total, left, mine, kept, seen, current, returned } = entry;
  const text = (amount: bigint | undefined) => (asset && amount !== undefined ? amountText(amount, asset) : "");
  const amount = given ? total : mine?.amount;
  const due = given && stage === "over" && left !== undefined && left > 0n;
  const share = given ? mine : undefined;
  const facts = [
    taken === undefined ? undefined : packets("takenOf", { count: taken, of: shares }),
    given && returned ? t("returned", { amount: text(returned) }) : undefined,
    share && (share.amount === undefined ? t("shareDrawing") : t("myShare", { amount: text(share.amount) })),
    current || stage === "unsure" ? undefined : seen ? t("seen", { when: time(seen) }) : t("neverSeen"),
  ].filter((fact) => fact !== undefined);
  return (
    <div className="rounded-md hover:bg-raised">
      <button
        type="button"
        onClick={onOpen}
        className="pressable flex min-h-15 w-full items-start gap-3 rounded-md px-2 py-2 text-left"
      >
        {given ? (
          <span
            aria-hidden
            className="flex size-9 shrink-0 items-center justify-center rounded-full bg-packet text-gold"
          >
            <PacketIcon className="size-5" />
          </span>
        ) : (
          <Avatar seed={from} size={36} />
        )}
        <span className="min-w-0 flex-1">
          <bdi className="line-clamp-2 block font-medium">
            {given ? packets("mineLabel") : packets("label", { name: nameOf(from) })}
          </bdi>
          <span className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-13 text-ink-soft">
            <Chip tone={tones[stage]}>{t(`stage.${stage}`)}</Chip>
            {facts.map((fact) => (
              <span key={fact} className="tabular">
                {fact}
              </span>
            ))}
          </span>
        </span>
        <span className="max-w-2/5 text-right">
          <span
            className={cx(
              "tabular block text-15 font-medium [overflow-wrap:anywhere]",
              stage === "unsure" ? "text-ink-faint" : !given && amount !== undefined && "text-good",
            )}
          >
            {amount === undefined
              ? mine && <span className="text-13 font-normal text-ink-faint">{packets("drawingShort")}</span>
              : asset && `${given ? "−" : "+"}${text(amount)}`}
          </span>
          <time dateTime={new Date(at).toISOString()} className="tabular block text-12 text-ink-soft">
            {time(at)}
          </time>
        </span>
      </button>
      {(stage === "unsure" || kept !== undefined || due) && (
        <div className="pr-2 pb-2.5 pl-14">
          {stage === "unsure" && <p className="text-13 text-ink-soft">{t("unsure")}</p>}
          {kept !== undefined && <p className="text-13 text-wait">{packets("kept")}</p>}
          {due && (
            <Button small look="outline" busy={busy !== undefined} onClick={() => void run("refund", onRefund)}>
              {t("takeBack")}
            </Button>
          )}
          <p role="alert" className="text-13 text-bad">
            {error && errorText(error)}
          </p>
        </div>
      )}
    </div>
  );
}
