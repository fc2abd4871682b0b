"use client";
import { Check, CheckCheck, CircleAlert, Clock3 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Message } from "../../lib/types.ts";
import { cx } from "../../ui/cx.ts";
import { Tip } from "../../ui/tip.tsx";

/** The true state of a message: kept here, with relays, with the other person, read. */
export function Delivery({ message }: { message: Message }) {
  const t = useTranslations("conversation");
  const { delivery, replicas, receipts } = message;
  const group = receipts && receipts.of > 0 && (delivery === "delivered" || delivery === "read") ? receipts : undefined;
  const words = {
    sending: t("sending"),
    sent: t("sent"),
    stored: replicas ? t("stored", { stored: replicas.stored, of: replicas.of }) : t("storedPlain"),
    delivered: group ? t("deliveredTo", { count: group.delivered, of: group.of }) : t("delivered"),
    read: group ? t("readBy", { count: group.read, of: group.of }) : t("read"),
    failed: t("failed"),
  }[delivery];
  const Icon = {
    sending: Clock3,
    sent: Check,
    stored: Check,
    delivered: CheckCheck,
    read: CheckCheck,
    failed: CircleAlert,
  }[delivery];
  return (
    <Tip text={words} side="top">
      <span
        role="img"
        aria-label={words}
        className={cx(
          "inline-flex items-center gap-1",
          delivery === "read" && "text-accent-ink",
          delivery === "failed" && "text-bad",
        )}
      >
        <Icon aria-hidden className="size-4" strokeWidth={delivery === "read" ? 2.5 : 2} />
        {group && (
          <span aria-hidden className="tabular">
            {delivery === "read" ? group.read : group.delivered}/{group.of}
          </span>
        )}
      </span>
    </Tip>
  );
}
