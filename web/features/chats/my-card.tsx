"use client";
import { useTranslations } from "next-intl";
import { numberLocale, skm } from "../../lib/money.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useTier, useTierName } from "../me/tier.ts";
import { useClient, useIdentity } from "../session/use-client.ts";
import { ShareLink } from "./share-link.tsx";

/** What one shows to somebody: face, pseudonym, code and link. */
export function MyCard() {
  const t = useTranslations("card");
  const client = useClient();
  const identity = useIdentity();
  const link = client.link();
  return (
    <div className="flex flex-col items-center text-center">
      <Avatar seed={identity.publicId} size={72} />
      <p className="mt-3 max-w-full truncate text-20 font-semibold tracking-[-0.015em]">{identity.pseudonym}</p>
      <div className="mt-5 w-full">
        <ShareLink id="my-link" link={link} title={identity.pseudonym} label={t("linkLabel")} qrLabel={t("qr")} />
      </div>
      <Holdings />
    </div>
  );
}

function Holdings() {
  const t = useTranslations("card");
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
          {total === undefined ? <Skeleton className="mx-auto h-6 w-16" /> : skm(total, numberLocale())}
        </dd>
        {tier && tier.credit > 0n && (
          <dd className="px-2 text-12 text-ink-faint">{t("credit", { amount: skm(tier.credit, numberLocale()) })}</dd>
        )}
      </div>
    </dl>
  );
}
