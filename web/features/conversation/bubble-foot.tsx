"use client";
import { Timer } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Message } from "../../lib/types.ts";
import { useClock } from "../../lib/when.ts";
import { EditedMark, StarMark } from "../message/marks.tsx";
import { Delivery } from "./delivery.tsx";

/** Under a bubble: when, and what became of it. In a group of bubbles only where there is something to say. */
export function BubbleFoot({ message, last }: { message: Message; last: boolean }) {
  const t = useTranslations("marks");
  const clock = useClock();
  const { at, edited, starred, expiresAt, delivery, outgoing } = message;
  if (!last && !edited && !starred && delivery !== "failed") return null;
  return (
    <div className="mt-1 flex items-center gap-1.5 px-1 text-12 text-ink-faint">
      {starred && <StarMark />}
      {edited !== undefined && <EditedMark at={edited} />}
      {expiresAt !== undefined && <Timer role="img" aria-label={t("disappears")} className="size-3.5" />}
      <time dateTime={new Date(at).toISOString()} className="tabular">
        {clock(at)}
      </time>
      {outgoing && <Delivery message={message} />}
    </div>
  );
}
