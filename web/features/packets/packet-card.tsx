"use client";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { onDemand } from "../../lib/on-demand.ts";
import type { PacketBody } from "../../lib/types.ts";
import { CardPlace, type CardProps } from "../conversation/card-place.tsx";
import { useAsset } from "../money/assets.ts";
import { useConversation } from "../money/use-conversation.ts";
import { ClosedPacket } from "./closed-packet.tsx";
import { OpenedPacket } from "./opened-packet.tsx";
import { usePacket } from "./use-packet.ts";
import { usePacketWords } from "./use-packet-words.ts";

const OpenStage = onDemand(() => import("./open-stage.tsx"));
const PacketSheet = onDemand(() => import("./packet-sheet.tsx"));

/** A red packet: closed until one has opened it, quieter afterwards. */
export default function PacketCard({ body, ...place }: CardProps & { body: PacketBody }) {
  const t = useTranslations("packets");
  const { message, summary, nameOf } = place;
  const packet = usePacket(useConversation(summary.id), message.id);
  const asset = useAsset(body.asset);
  const [shown, setShown] = useState<"stage" | "sheet">();
  const { view } = packet;
  // Until the chain has been asked: one that is over is not shown as if it could be opened.
  const state = view?.state ?? (body.expiresAt > Date.now() ? "open" : "expired");
  const name = nameOf(message.from);
  const { state: words } = usePacketWords();
  /** What it was when it came into sight needs no telling. */
  const first = useRef(view?.state);
  first.current ??= view?.state;
  const changed = view !== undefined && view.state !== first.current;
  const title = message.outgoing ? t("mineLabel") : t("label", { name });
  const close = () => setShown(undefined);
  const openStage = () => {
    packet.forget();
    setShown("stage");
  };
  const frame = useRef<HTMLDivElement>(null);
  const wanted = useRef(false);
  /** The card has changed meanwhile: the keyboard goes back to what it is now. */
  const closed = () => {
    frame.current?.querySelector("button")?.focus();
    if (wanted.current) setShown("sheet");
    wanted.current = false;
  };
  return (
    <>
      <CardPlace {...place} label={title}>
        <div ref={frame}>
          {state === "open" || state === "waiting" ? (
            <ClosedPacket body={body} view={view} onOpen={openStage} />
          ) : (
            <OpenedPacket body={body} view={view} asset={asset} onOpen={() => setShown("sheet")} />
          )}
        </div>
        <p role="status" className="sr-only">
          {changed && words(view)}
        </p>
      </CardPlace>
      {shown === "stage" && (
        <OpenStage
          body={body}
          packet={packet}
          asset={asset}
          from={message.from}
          title={title}
          onDetails={() => {
            wanted.current = true;
            close();
          }}
          onClose={close}
          onClosed={closed}
        />
      )}
      {shown === "sheet" && (
        <PacketSheet
          body={body}
          packet={packet}
          asset={asset}
          title={title}
          name={name}
          own={message.outgoing}
          nameOf={nameOf}
          onClose={close}
        />
      )}
    </>
  );
}
