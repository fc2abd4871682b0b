"use client";
import { Crown } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Asset, PacketBody, PacketView } from "../../lib/types.ts";
import { Amount } from "../money/amount.tsx";
import { PacketIcon } from "./packet-icon.tsx";
import { usePacketWords } from "./use-packet-words.ts";

interface OpenedPacketProps {
  body: PacketBody;
  view: PacketView | undefined;
  asset: Asset | undefined;
  onOpen(): void;
}

/** Afterwards: what one has, or why one has nothing. It leads to who got how much. */
export function OpenedPacket({ body, view, asset, onOpen }: OpenedPacketProps) {
  const t = useTranslations("packets");
  const more = useTranslations("packetMore");
  const { wish, state } = usePacketWords();
  const mine = view?.mine;
  return (
    <button
      type="button"
      onClick={onOpen}
      className="pressable block w-64 max-w-full overflow-hidden rounded-lg border border-hairline bg-packet-soft text-left hover:border-edge"
    >
      <span aria-hidden className="block h-1.5 bg-packet" />
      <span className="block px-4 pt-2.5 pb-3">
        <span className="flex items-center gap-1.5 text-13 text-packet-ink">
          <PacketIcon className="size-4 shrink-0" />
          <bdi className="truncate">{wish(body)}</bdi>
        </span>
        {mine?.amount !== undefined && (
          <span className="mt-1.5 block text-ink">
            <Amount amount={mine.amount} asset={asset} />
          </span>
        )}
        {view?.kept !== undefined && <span className="mt-1 block text-13 text-wait">{t("kept")}</span>}
        <span className="mt-1 flex flex-wrap items-center gap-x-1 text-13 text-ink-soft">
          {view?.kept === undefined && <span>{state(view)}</span>}
          {view && (
            <span className="tabular">
              {view.kept === undefined && "· "}
              {t("takenOf", { count: view.taken, of: view.shares })}
            </span>
          )}
          {mine?.luckiest && (
            <span className="ml-1 inline-flex items-center gap-1 font-medium text-packet-ink">
              <Crown aria-hidden className="size-3.5" />
              {t("luckiest")}
            </span>
          )}
        </span>
        {view?.refundStopped && <span className="mt-1 block text-13 text-wait">{more("restStuck")}</span>}
      </span>
    </button>
  );
}
