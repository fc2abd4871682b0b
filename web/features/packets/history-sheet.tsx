"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { placeHash } from "../../lib/hash.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { ListSkeleton } from "../../ui/skeleton.tsx";
import { HistoryEnd } from "../money/history-end.tsx";
import { AllowancesLeft } from "./allowances-left.tsx";
import { EnvelopeDrawing } from "./envelope-drawing.tsx";
import { PacketHistoryRow } from "./history-row.tsx";
import { PacketSums } from "./sums.tsx";
import { usePacketHistory } from "./use-packet-history.ts";

/** All red packets one gave and opened, and what they come to. */
export default function PacketHistorySheet({ onClose }: { onClose(): void }) {
  const t = useTranslations("packetHistory");
  const conversation = useTranslations("conversation");
  const router = useRouter();
  const { shown, asking, error, old, reload, load, refund } = usePacketHistory();
  const packets = shown?.packets ?? [];
  // Somebody else's packets may turn out to have been opened on another device.
  const waiting = !error && (!shown || (packets.length === 0 && asking));
  return (
    <Sheet open onClose={onClose} kind="side" title={t("title")}>
      {waiting && <ListSkeleton rows={4} />}
      {shown && !waiting && packets.length === 0 && !load && (
        <Empty
          drawing={<EnvelopeDrawing />}
          action={<Button onClick={() => router.push("/chats/")}>{conversation("toChats")}</Button>}
        >
          {t("empty")}
        </Empty>
      )}
      <AllowancesLeft />
      {shown && <PacketSums sums={shown.sums} />}
      <p role="status" className={old ? "mb-2 rounded-md bg-wait-soft px-3.5 py-2.5 text-13 text-wait" : "sr-only"}>
        {old ? t("fromMemory") : asking && t("asking")}
      </p>
      {packets.length > 0 && (
        <ul aria-label={t("list")} className="-mx-2">
          {packets.map((entry) => (
            <li key={entry.messageId}>
              <PacketHistoryRow
                entry={entry}
                onOpen={() => router.push(`/chats/${placeHash({ conversation: entry.conversationId })}`)}
                onRefund={() => refund(entry)}
              />
            </li>
          ))}
        </ul>
      )}
      <HistoryEnd error={error} onRetry={error || old ? reload : undefined} onMore={load} busy={asking} />
    </Sheet>
  );
}
