"use client";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Dialog } from "radix-ui";
import type { Asset, PacketBody, PublicId } from "../../lib/types.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { useStandstill } from "../shell/connection.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { Flap, Pocket, Seal } from "./paper.tsx";
import { Petals } from "./petals.tsx";
import { Slip } from "./slip.tsx";
import type { PacketModel } from "./use-packet.ts";
import { usePacketWords } from "./use-packet-words.ts";

interface OpenStageProps {
  body: PacketBody;
  packet: PacketModel;
  asset: Asset | undefined;
  from: PublicId;
  title: string;
  onDetails(): void;
  onClose(): void;
  /** It is gone: the keyboard is to go somewhere. */
  onClosed(): void;
}

/** The one showpiece: the packet large, its seal to be pressed, then the flap opens and what is in it comes out. */
export default function OpenStage({ body, packet, asset, from, title, onDetails, onClose, onClosed }: OpenStageProps) {
  const t = useTranslations("packets");
  const common = useTranslations("common");
  const line = useTranslations("line");
  const errorText = useErrorText();
  const isStanding = useStandstill();
  const { wish, state } = usePacketWords();
  const { view, error, busy, claim } = packet;
  const amount = view?.mine?.amount;
  const open = amount !== undefined;
  const drawing = busy || view?.state === "waiting";
  // Where the flap is folded up, paper goes on.
  const corners = open ? "rounded-b-lg" : "rounded-lg";
  const can = !drawing && (view === undefined || view.state === "open");
  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="anim-fade fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onClosed();
          }}
          className="anim-grow fixed inset-0 z-50 m-auto h-108 w-76 max-w-[calc(100vw-2rem)] outline-none"
        >
          <div
            className={cx(
              "relative h-full transition-transform duration-500 ease-out [perspective:900px]",
              drawing && "anim-tremble",
              open && "translate-y-8",
            )}
          >
            <div className={cx("absolute inset-0 bg-packet-deep shadow-float", corners)} />
            <div
              className={cx(
                "absolute inset-x-0 top-0 origin-top overflow-hidden transition-[transform,z-index] duration-[420ms,0s] ease-in-out",
                // Half way up it is behind what comes out.
                open ? "z-0 delay-[160ms,370ms] [transform:rotateX(180deg)]" : "z-20 rounded-t-lg",
              )}
            >
              <Flap className="h-44" />
            </div>
            {open && <Slip amount={amount} asset={asset} />}
            {open && <Petals />}
            <div className={cx("absolute inset-0 z-10 flex flex-col overflow-hidden text-on-packet", corners)}>
              <Pocket className="h-44 shrink-0" />
              <div className="flex flex-1 flex-col items-center justify-end gap-2 bg-packet px-6 pb-6 text-center">
                <p className="line-clamp-3 text-20 leading-snug font-medium [overflow-wrap:anywhere]">
                  <bdi>{wish(body)}</bdi>
                </p>
                <p role="status" className="min-h-10 text-13">
                  {error
                    ? errorText(error)
                    : drawing
                      ? isStanding
                        ? line("waits")
                        : t("drawing")
                      : open
                        ? t(view?.kept === undefined ? "yours" : "kept")
                        : can
                          ? t("press")
                          : state(view)}
                </p>
                {view && (open || !can) && !busy && (
                  <button
                    type="button"
                    onClick={onDetails}
                    className="pressable min-h-11 rounded-md px-4 text-15 font-medium text-gold underline-offset-4 outline-gold! hover:underline"
                  >
                    {t("everybody")}
                  </button>
                )}
              </div>
            </div>
            {open ? (
              <Dialog.Title className="sr-only">{title}</Dialog.Title>
            ) : (
              <div className="absolute inset-x-0 top-5 z-20 flex flex-col items-center gap-2 px-6 text-center text-on-packet">
                <Avatar seed={from} size={44} />
                <Dialog.Title className="max-w-full text-15 font-medium [overflow-wrap:anywhere]">{title}</Dialog.Title>
              </div>
            )}
            <div className="pointer-events-none absolute inset-x-0 top-31 z-20 flex justify-center">
              {open ? (
                <span aria-hidden className="anim-burst">
                  <Seal size={92} />
                </span>
              ) : (
                <button
                  type="button"
                  disabled={!can}
                  onClick={() => void claim()}
                  className="pressable pointer-events-auto rounded-full outline-offset-4 outline-on-packet! active:scale-90"
                >
                  <Seal size={92} turning={drawing} />
                  <span className="sr-only">{t("open")}</span>
                </button>
              )}
            </div>
            <Dialog.Close
              aria-label={common("close")}
              className={cx(
                "pressable absolute top-1 right-1 z-30 inline-flex size-11 items-center justify-center rounded-md text-on-packet outline-on-packet! hover:bg-packet",
                // The flap folds up: the corner is above it then, where the screen is high enough.
                open && "delay-[160ms] [@media(min-height:33rem)]:[transform:translateY(-4.85rem)]",
              )}
            >
              <X aria-hidden className="size-5" />
            </Dialog.Close>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
