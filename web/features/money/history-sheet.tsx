"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { placeHash } from "../../lib/hash.ts";
import { Button } from "../../ui/button.tsx";
import { Purse } from "../../ui/drawings.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { ListSkeleton } from "../../ui/skeleton.tsx";
import { HistoryEnd } from "./history-end.tsx";
import { HistoryRow } from "./history-row.tsx";
import { UntoldPayments } from "./untold-payments.tsx";
import { usePayments } from "./use-payments.ts";
import { useUntold } from "./use-untold.ts";

/** Everything that was paid and received on this device's conversations, the newest first. */
export default function HistorySheet({ onClose }: { onClose(): void }) {
  const t = useTranslations("money");
  const conversation = useTranslations("conversation");
  const router = useRouter();
  const { payments, more, error, load } = usePayments();
  const untold = useUntold();
  const open = (id: string) => router.push(`/chats/${placeHash({ conversation: id })}`);
  return (
    <Sheet open onClose={onClose} kind="side" title={t("history")}>
      {!payments && !error && <ListSkeleton rows={4} />}
      {untold.length > 0 && <UntoldPayments payments={untold} onOpen={open} />}
      {payments?.length === 0 && untold.length === 0 && (
        <Empty
          drawing={<Purse />}
          action={<Button onClick={() => router.push("/chats/")}>{conversation("toChats")}</Button>}
        >
          {t("historyEmpty")}
        </Empty>
      )}
      <ul className="-mx-2">
        {payments?.map((record) => {
          const { body, id } = record.message;
          if (body.type !== "payment") return null;
          return (
            <li key={id}>
              <HistoryRow record={record} body={body} onOpen={() => open(record.conversationId)} />
            </li>
          );
        })}
      </ul>
      <HistoryEnd error={error} onRetry={error && load} onMore={more ? load : undefined} />
    </Sheet>
  );
}
