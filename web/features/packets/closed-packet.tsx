"use client";
import { useTranslations } from "next-intl";
import type { PacketBody, PacketView } from "../../lib/types.ts";
import { Flap, Seal } from "./paper.tsx";
import { usePacketWords } from "./use-packet-words.ts";

interface ClosedPacketProps {
  body: PacketBody;
  view: PacketView | undefined;
  onOpen(): void;
}

/** One can still open it, or one's share is being drawn. */
export function ClosedPacket({ body, view, onOpen }: ClosedPacketProps) {
  const t = useTranslations("packets");
  const { wish, kind, state } = usePacketWords();
  const waiting = view?.state === "waiting";
  return (
    <button
      type="button"
      onClick={onOpen}
      className="pressable relative block w-64 max-w-full overflow-hidden rounded-lg bg-packet text-center text-on-packet active:scale-[0.985]"
    >
      <Flap className="h-17" />
      <span className="absolute inset-x-0 top-8 flex justify-center">
        <Seal size={48} turning={waiting} />
      </span>
      <span className="block px-4 pt-7 pb-3">
        <bdi className="line-clamp-2 block text-17 leading-snug font-medium [overflow-wrap:anywhere]">{wish(body)}</bdi>
        <span className="mt-1 block text-13">{kind(body)}</span>
      </span>
      <span className="flex min-h-9 items-center justify-center gap-1 bg-packet-deep px-4 text-13">
        <span>{state(view)}</span>
        {view && view.shares > 1 && (
          <span className="tabular">· {t("takenOf", { count: view.taken, of: view.shares })}</span>
        )}
      </span>
    </button>
  );
}
