import { useTranslations } from "next-intl";
import type { MessageBody } from "../../lib/types.ts";
import { amountText } from "./amount-text.ts";
import { assetKey } from "./asset.ts";
import { useAssets } from "./assets.ts";

/** What a message about money is, in a few words, for lists, quotes and screen readers. Undefined for all others. */
export function useMoneyWords(): (body: MessageBody) => string | undefined {
  const t = useTranslations("money");
  const assets = useAssets();
  return (body) => {
    if (body.type === "agreement") {
      const { step } = body;
      return step.did === "acted" ? t(`agreementAct.${step.act.do}`) : t(`agreementStep.${step.did}`);
    }
    if (body.type === "packet") return body.message ? t("packetOf", { words: body.message }) : t("packet");
    if (body.type !== "payment" && body.type !== "request") return undefined;
    const asset = assets[assetKey(body.asset)];
    const hasFailed = body.type === "payment" && body.state === "failed";
    if (!asset) return t(hasFailed ? "failedPayment" : body.type);
    const words = t(hasFailed ? "failedOf" : `${body.type}Of`, { amount: amountText(body.amount, asset) });
    // Any token can call itself as it likes, here as on the card.
    return asset.listed ? words : `${words} · ${t("unlisted")}`;
  };
}
