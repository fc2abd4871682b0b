"use client";
import { useFormatter, useTranslations } from "next-intl";
import type { Asset, ErrorCode, PacketBody } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import type { NameOf } from "../message/types.ts";
import { Amount } from "../money/amount.tsx";
import { amountText, exactText } from "../money/amount-text.ts";
import { CardDetails } from "../money/card-details.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { KeptShare } from "./kept-share.tsx";
import { Looking } from "./looking.tsx";
import { Shares } from "./shares.tsx";
import type { PacketModel } from "./use-packet.ts";
import { usePacketWords } from "./use-packet-words.ts";

interface PacketSheetProps {
  body: PacketBody;
  packet: PacketModel;
  asset: Asset | undefined;
  title: string;
  /** Of its sender. */
  name: string;
  /** It is the reader's own. */
  own: boolean;
  nameOf: NameOf;
  onClose(): void;
}

/** Who got how much, until when it is open, and what became of the rest. */
export default function PacketSheet({ body, packet, asset, title, name, own, nameOf, onClose }: PacketSheetProps) {
  const t = useTranslations("packets");
  const more = useTranslations("packetMore");
  const money = useTranslations("money");
  const errorText = useErrorText();
  const format = useFormatter();
  const { wish, state } = usePacketWords();
  const { view, error, busy, refund, withdraw } = packet;
  const until = format.dateTime(body.expiresAt, { dateStyle: "medium", timeStyle: "short" });
  const over = body.expiresAt <= Date.now();
  const mine = view?.mine?.amount;
  return (
    <Sheet open onClose={onClose} kind="side" title={title} description={<bdi>{wish(body)}</bdi>}>
      {!view || !asset ? (
        <Looking packet={packet} asset={body.asset} />
      ) : (
        <>
          <div className="rounded-md bg-packet-soft px-4 py-3.5">
            {mine !== undefined && <Amount amount={mine} asset={asset} />}
            <p role="status" className="text-packet-ink">
              {view.kept === undefined ? state(view) : t("kept")}
            </p>
          </div>
          {view.kept !== undefined && <KeptShare amount={view.kept} asset={asset} onWithdraw={withdraw} />}
          <p className="tabular mt-4 text-13 text-ink-soft">
            {t("summary", { count: view.taken, of: view.shares, total: amountText(view.total, asset) })}
          </p>
          {view.luckOver && <p className="mt-1 text-13 text-ink-soft">{t("luckOver")}</p>}
          <Shares people={view.people} asset={asset} lucky={view.lucky} nameOf={nameOf} />
          {view.left > 0n && view.taken < view.shares && !view.refundStopped && (
            <p className="mt-3 text-13 text-ink-soft">
              {view.state === "expired"
                ? t(own ? "restWaitsMine" : "restWaits", { amount: amountText(view.left, asset), name })
                : view.state !== "refunded" && t(over ? "wasOpenUntil" : "openUntil", { when: until })}
            </p>
          )}
          {view.refundStopped && (
            <p className="mt-3 rounded-md bg-wait-soft px-4 py-3 text-13 text-wait">
              {more("refundStopped", {
                amount: amountText(view.left, asset),
                why: errorText(view.refundStopped.code as ErrorCode),
              })}
            </p>
          )}
          {(view.state === "expired" || view.refundStopped) && (
            <Button look="outline" className="mt-3 w-full" busy={busy} onClick={() => void refund()}>
              {t("refund")}
            </Button>
          )}
          <p role="alert" className="mt-2 text-13 text-bad">
            {error && errorText(error)}
          </p>
          <CardDetails
            facts={[
              { label: t("total"), value: exactText(view.total, asset) },
              ...(mine === undefined ? [] : [{ label: t("mine"), value: exactText(mine, asset) }]),
              { label: t("number"), value: String(view.packetId) },
              { label: t("until"), value: until },
              { label: t("creator"), value: view.creator, code: true },
              { label: money("token"), value: view.asset.token, code: true },
            ]}
          />
        </>
      )}
    </Sheet>
  );
}
