"use client";
import { Check, Copy, Share2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { useLanguage } from "../../lib/language.ts";
import { skm } from "../../lib/money.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { QrCode } from "../../ui/qr-code.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useTier, useTierName } from "../me/tier.ts";
import { useClient, useIdentity } from "../session/use-client.ts";

/** What one shows to somebody: face, pseudonym, code and link. */
export function MyCard() {
  const t = useTranslations("card");
  const client = useClient();
  const identity = useIdentity();
  const link = client.link();
  const [copied, setCopied] = useState(false);
  const [canShare, setCanShare] = useState(false);
  useEffect(() => setCanShare(typeof navigator.share === "function"), []);
  const copy = async () => {
    await navigator.clipboard.writeText(link);
    setCopied(true);
    toast(t("linkCopied"));
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <div className="flex flex-col items-center text-center">
      <Avatar seed={identity.publicId} size={72} />
      <p className="mt-3 max-w-full truncate text-20 font-semibold tracking-[-0.015em]">{identity.pseudonym}</p>
      <QrCode text={link} label={t("qr")} className="mt-5 size-52 rounded-md border border-hairline" />
      <input
        id="my-link"
        readOnly
        aria-label={t("linkLabel")}
        value={link}
        onFocus={(event) => event.target.select()}
        className="mt-4 h-11 w-full min-w-0 truncate rounded-md bg-raised px-3 text-center text-13 text-ink-soft"
      />
      <div className="mt-3 flex w-full gap-2">
        <Button look="primary" className="flex-1" onClick={() => void copy()}>
          {copied ? <Check aria-hidden className="size-4.5" /> : <Copy aria-hidden className="size-4.5" />}
          {t("copyLink")}
        </Button>
        {canShare && (
          <Button
            look="quiet"
            onClick={() => void navigator.share({ title: identity.pseudonym, url: link }).catch(() => undefined)}
          >
            <Share2 aria-hidden className="size-4.5" />
            {t("share")}
          </Button>
        )}
      </div>
      <Holdings />
    </div>
  );
}

function Holdings() {
  const t = useTranslations("card");
  const { language } = useLanguage();
  const { tier } = useTier();
  const tierName = useTierName();
  const total = tier && tier.balance + tier.credit;
  return (
    <dl className="mt-5 grid w-full grid-cols-2 divide-x divide-hairline border-t border-hairline pt-4">
      <div>
        <dt className="text-13 text-ink-faint">{t("tier")}</dt>
        <dd className="mt-0.5 text-17 font-semibold">
          {tier ? tierName(tier.name) : <Skeleton className="mx-auto h-6 w-16" />}
        </dd>
      </div>
      <div>
        <dt className="text-13 text-ink-faint">{t("skm")}</dt>
        <dd className="tabular mt-0.5 text-17 font-semibold">
          {total === undefined ? <Skeleton className="mx-auto h-6 w-16" /> : skm(total, language)}
        </dd>
        {tier && tier.credit > 0n && (
          <dd className="px-2 text-12 text-ink-faint">{t("credit", { amount: skm(tier.credit, language) })}</dd>
        )}
      </div>
    </dl>
  );
}
