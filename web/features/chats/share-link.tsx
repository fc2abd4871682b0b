"use client";
import { Check, Copy, Share2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { Button } from "../../ui/button.tsx";
import { QrCode } from "../../ui/qr-code.tsx";

interface ShareLinkProps {
  /** Of the text field. */
  id?: string;
  link: string;
  /** What it leads to, for the system's share sheet. */
  title: string;
  label: string;
  qrLabel: string;
}

/** A link to pass on: as a code to scan, as text, copied or shared. */
export function ShareLink({ id, link, title, label, qrLabel }: ShareLinkProps) {
  const t = useTranslations("card");
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
    <div className="flex flex-col items-center">
      <QrCode text={link} label={qrLabel} className="size-52 rounded-md border border-hairline" />
      <input
        id={id}
        readOnly
        aria-label={label}
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
          <Button look="quiet" onClick={() => void navigator.share({ title, url: link }).catch(() => undefined)}>
            <Share2 aria-hidden className="size-4.5" />
            {t("share")}
          </Button>
        )}
      </div>
    </div>
  );
}
