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
    if (body.type === "payment" && body.state === "failed") {
      return asset ? t("failedOf", { amount: amountText(body.amount, asset) }) : t("failedPayment");
    }
    return asset ? t(`${body.type}Of`, { amount: amountText(body.amount, asset) }) : t(body.type);
  };
}
