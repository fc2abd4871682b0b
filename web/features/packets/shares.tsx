"use client";
import { Crown } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Asset, PacketShare } from "../../lib/types.ts";
import { Avatar } from "../../ui/avatar.tsx";
import type { NameOf } from "../message/types.ts";
import { amountText } from "../money/amount-text.ts";
import { useIdentity } from "../session/use-client.ts";

interface SharesProps {
  people: readonly PacketShare[];
  asset: Asset;
  lucky: boolean;
  nameOf: NameOf;
}

/** The largest share first where luck decided, else as they came. */
export function inOrder(people: readonly PacketShare[], lucky: boolean): PacketShare[] {
  return people.toSorted((a, b) => {
    const more = (b.amount ?? -1n) - (a.amount ?? -1n);
    return lucky && more !== 0n ? (more > 0n ? 1 : -1) : a.place - b.place;
  });
}

/** Who has opened it, and what was in it for them. */
export function Shares({ people, asset, lucky, nameOf }: SharesProps) {
  const t = useTranslations("packets");
  const money = useTranslations("money");
  const me = useIdentity().publicId;
  if (people.length === 0) return <p className="mt-3 text-ink-soft">{t("nobody")}</p>;
  const name = ({ publicId, pseudonym, wallet }: PacketShare) =>
    publicId === me
      ? money("you")
      : (pseudonym ?? (publicId ? nameOf(publicId) : `${wallet.slice(0, 6)}…${wallet.slice(-4)}`));
  return (
    <ol aria-label={t("everybody")} className="mt-2 divide-y divide-hairline">
      {inOrder(people, lucky).map((share) => (
        <li key={share.place} className="flex min-h-13 items-center gap-3 py-1.5">
          <Avatar seed={share.publicId ?? share.wallet} size={36} />
          <span className="min-w-0 flex-1">
            <bdi className="block truncate">{name(share)}</bdi>
            {share.luckiest && (
              <span className="flex items-center gap-1 text-13 font-medium text-packet-ink">
                <Crown aria-hidden className="size-3.5" />
                {t("luckiest")}
              </span>
            )}
          </span>
          <span className="tabular max-w-1/2 text-right [overflow-wrap:anywhere]">
            {share.amount === undefined ? (
              <span className="text-13 text-ink-faint">{t("drawingShort")}</span>
            ) : (
              <data value={String(share.amount)}>{amountText(share.amount, asset)}</data>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
