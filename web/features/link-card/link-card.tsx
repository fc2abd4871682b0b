"use client";
import { ExternalLink, ShieldAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { LinkCard as Card } from "../../lib/types.ts";
import { cx } from "../../ui/cx.ts";
import { hostOf } from "./host.ts";

interface LinkCardProps {
  card: Card;
  /** Whose words these are; undefined for one's own. */
  by?: string | undefined;
}

/** Under a text: what its sender says about the link, and, in plain sight, where it leads. Nothing was fetched for it. */
export function LinkCard({ card, by }: LinkCardProps) {
  const t = useTranslations("linkCard");
  const host = hostOf(card.url);
  if (!host) return null;
  const content = (
    <>
      <span className="flex gap-3">
        <span className="min-w-0 flex-1">
          <span className="line-clamp-2 leading-snug font-semibold">
            <bdi>{card.title}</bdi>
          </span>
          {card.description && (
            <span className="mt-0.5 line-clamp-3 text-13 text-ink-soft">
              <bdi>{card.description}</bdi>
            </span>
          )}
        </span>
        {card.image && <Picture image={card.image} />}
      </span>
      <span className="mt-1.5 flex items-center gap-1.5 text-12">
        {host.lookAlike ? (
          <ShieldAlert aria-hidden className="size-3.5 shrink-0 text-bad" />
        ) : (
          <ExternalLink aria-hidden className="size-3.5 shrink-0 text-accent-ink" />
        )}
        <bdi className={cx("min-w-0 font-semibold break-all", host.lookAlike ? "text-bad" : "text-accent-ink")}>
          {host.shown}
        </bdi>
      </span>
      {host.lookAlike && <span className="mt-0.5 block text-12 text-bad">{t("warning")}</span>}
      {by && !host.lookAlike && <span className="mt-0.5 block text-12 text-ink-soft">{t("words", { name: by })}</span>}
    </>
  );
  const look = "mt-2 mb-0.5 block w-full max-w-96 rounded-md border border-hairline bg-float px-3 py-2.5 text-ink";
  // What imitates another address is not opened by a slip of the finger.
  if (host.lookAlike) return <div className={look}>{content}</div>;
  return (
    <a
      href={card.url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className={cx(look, "pressable hover:border-edge")}
    >
      {content}
    </a>
  );
}

function Picture({ image }: { image: string }) {
  const type = image.startsWith("_9j_") ? "jpeg" : image.startsWith("iVBOR") ? "png" : "webp";
  const base64 = image.replaceAll("-", "+").replaceAll("_", "/");
  return (
    <span
      aria-hidden
      className="size-14 shrink-0 rounded-sm bg-raised bg-cover bg-center"
      style={{ backgroundImage: `url(data:image/${type};base64,${base64})` }}
    />
  );
}
