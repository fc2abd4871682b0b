"use client";
import { Banknote, HandCoins } from "lucide-react";
import type { PaymentBody, RequestBody } from "../../lib/types.ts";
import { useAsset } from "../money/assets.ts";
import { useChains } from "../money/chains.ts";
import { useMoneyWords } from "../money/money-words.ts";
import { Line } from "./preview-line.tsx";

interface MoneyPreviewProps {
  body: PaymentBody | RequestBody;
  /** With the name of who it is from, where that is not clear. */
  said(text: string): string;
}

/** A payment or a request in one line of the list. */
export function MoneyPreview({ body, said }: MoneyPreviewProps) {
  useAsset(body.asset);
  useChains();
  const words = useMoneyWords()(body) ?? "";
  return <Line icon={body.type === "payment" ? <Banknote /> : <HandCoins />}>{said(words)}</Line>;
}
