"use client";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { AssetId } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useAsset } from "../money/assets.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import type { PacketModel } from "./use-packet.ts";

/** So long nobody wonders. */
const patience = 10_000;

/** In place of what is in a packet while nothing of it could be read: for a while quietly, then with the reason and a way on. */
export function Looking({ packet, asset }: { packet: PacketModel; asset: AssetId }) {
  const t = useTranslations("packetMore");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const [attempt, setAttempt] = useState(0);
  const [late, setLate] = useState(false);
  const problem = packet.error ?? packet.unseen;
  useEffect(() => {
    if (late) return;
    const timer = setTimeout(() => setLate(true), patience);
    return () => clearTimeout(timer);
  }, [late]);
  if (!problem && !late)
    return (
      <>
        <Skeleton className="h-40 rounded-md" />
        <AskAsset key={attempt} asset={asset} />
      </>
    );
  return (
    <div role="status" className="flex flex-col items-center gap-4 py-8 text-center text-ink-soft">
      <p className="max-w-72 text-balance">
        {t("again")} {errorText(problem ?? "CHAIN_UNREACHABLE")}
      </p>
      <Button
        busy={packet.busy}
        onClick={() => {
          setLate(false);
          setAttempt((times) => times + 1);
          void packet.look();
        }}
      >
        {common("retry")}
      </Button>
    </div>
  );
}

/** What the token says of itself is asked for once more. */
function AskAsset({ asset }: { asset: AssetId }) {
  useAsset(asset);
  return null;
}
