"use client";
import { Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { toast } from "sonner";
import { IconButton } from "../../ui/icon-button.tsx";
import { shortId } from "../contacts/short-id.ts";
import { useIdentity } from "../session/use-client.ts";

export function PublicIdRow() {
  const t = useTranslations("me");
  const common = useTranslations("common");
  const { publicId } = useIdentity();
  const copy = async () => {
    await navigator.clipboard.writeText(publicId);
    toast(common("copied"));
  };
  return (
    <div className="flex min-h-14 items-center gap-3 py-1 pr-1.5 pl-4">
      <span className="flex-1">{t("publicId")}</span>
      <span
        data-testid="public-id"
        data-public-id={publicId}
        title={publicId}
        className="truncate font-mono text-13 text-ink-soft"
      >
        {shortId(publicId)}
      </span>
      <IconButton label={`${common("copy")}: ${t("publicId")}`} onClick={() => void copy()}>
        <Copy aria-hidden className="size-4.5" />
      </IconButton>
    </div>
  );
}
