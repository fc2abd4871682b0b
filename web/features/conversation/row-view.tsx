"use client";
import { useTranslations } from "next-intl";
import { memo } from "react";
import type { ConversationSummary } from "../../lib/types.ts";
import { useDayName } from "../../lib/when.ts";
import { cx } from "../../ui/cx.ts";
import { ConversationFace } from "./conversation-face.tsx";
import { MessageRow } from "./message-row.tsx";
import type { ConversationModel } from "./model.ts";
import { titleOf } from "./names.ts";
import { type Row, sameRow } from "./rows.ts";

interface RowViewProps {
  model: ConversationModel;
  summary: ConversationSummary;
  row: Row;
  /** It was jumped to just now. */
  marked: boolean;
  onDay(at: number): void;
}

/** Rows are made anew with every page that comes, and asked for with every step of the wheel: most are as they were. */
export const RowView = memo(function RowView({ row, model, summary, marked, onDay }: RowViewProps) {
  const t = useTranslations("conversation");
  const dates = useTranslations("dates");
  const dayName = useDayName();
  switch (row.kind) {
    case "beginning":
      return <Beginning summary={summary} />;
    case "day":
      return (
        <div className="flex justify-center py-3">
          <h2 className="text-12 font-medium text-ink-soft">
            <button
              type="button"
              onClick={() => onDay(row.at)}
              className="pressable relative rounded-full bg-raised px-3 py-1 after:absolute after:-inset-x-1 after:-inset-y-2.5 hover:bg-sunken hover:text-ink"
            >
              {dayName(row.at)}
              <span className="sr-only">{dates("open")}</span>
            </button>
          </h2>
        </div>
      );
    case "unread":
      return (
        <div className="flex items-center gap-3 py-2 text-12 font-medium text-accent-ink">
          <span className="h-px flex-1 bg-accent/35" />
          {t("unreadHere")}
          <span className="h-px flex-1 bg-accent/35" />
        </div>
      );
    case "message":
      return (
        <div
          className={cx("-mx-3 px-3 transition-colors duration-500 wide:-mx-6 wide:px-6", marked && "bg-accent-soft")}
        >
          <MessageRow row={row} model={model} summary={summary} />
        </div>
      );
  }
}, sameProps);

function sameProps(a: RowViewProps, b: RowViewProps): boolean {
  const { row, ...rest } = a;
  return sameRow(row, b.row) && Object.entries(rest).every(([key, value]) => b[key as keyof RowViewProps] === value);
}

function Beginning({ summary }: { summary: ConversationSummary }) {
  const t = useTranslations("conversation");
  const name = titleOf(summary);
  return (
    <div className="flex flex-col items-center px-6 pt-6 pb-4 text-center">
      <ConversationFace summary={summary} size={72} />
      <p className="mt-4 max-w-80 text-balance text-ink-soft">
        {t(summary.kind === "group" ? "beginningGroup" : summary.last ? "beginning" : "empty", { name })}
      </p>
    </div>
  );
}
