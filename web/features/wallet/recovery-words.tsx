"use client";
import { Copy, Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { toast } from "sonner";
import { saveFile } from "../../lib/save-file.ts";
import { Button } from "../../ui/button.tsx";

export function RecoveryWords({ words }: { words: string }) {
  const t = useTranslations("join.backup");
  const common = useTranslations("common");
  const list = words ? words.split(" ") : Array.from({ length: 12 }, () => "");
  const copy = async () => {
    await navigator.clipboard.writeText(words);
    toast(t("copied"));
  };
  return (
    <div>
      <ol
        aria-label={t("words")}
        className="grid grid-cols-2 gap-x-6 gap-y-1 rounded-md border border-hairline bg-float px-5 py-4 sm:grid-cols-3"
      >
        {list.map((word, index) => (
          // The same word may come twice; its place is what tells them apart.
          // biome-ignore lint/suspicious/noArrayIndexKey: the order never changes
          <li key={index} className="flex min-h-8 items-baseline gap-2.5 text-17">
            <span aria-hidden className="tabular w-5 text-right text-12 text-ink-faint">
              {index + 1}
            </span>
            <span translate="no">{word}</span>
          </li>
        ))}
      </ol>
      <div className="mt-3 flex gap-2">
        <Button small onClick={() => void copy()}>
          <Copy aria-hidden className="size-4" />
          {common("copy")}
        </Button>
        <Button small onClick={() => saveFile("skrumble-recovery-words.txt", [new TextEncoder().encode(`${words}\n`)])}>
          <Download aria-hidden className="size-4" />
          {t("file")}
        </Button>
      </div>
    </div>
  );
}
