import { useTranslations } from "next-intl";
import type { MessageBody } from "../../lib/types.ts";
import { amountText } from "./amount-text.ts";
import { assetKey } from "./asset.ts";
import { useAssets } from "./assets.ts";
import { chainIn, nameElsewhere, useKnownChains } from "./chains.ts";

/** What a message about money is, in a few words, for lists, quotes and screen readers. Undefined for all others. */
export function useMoneyWords(): (body: MessageBody) => string | undefined {
  const t = useTranslations("money");
  const assets = useAssets();
  const chains = useKnownChains();
  return (body) => {
    if (body.type === "agreement") {
      const { step } = body;
      return step.did === "acted" ? t(`agreementAct.${step.act.do}`) : t(`agreementStep.${step.did}`);
    }
    if (body.type === "packet") return body.message ? t("packetOf", { words: body.message }) : t("packet");
    if (body.type !== "payment" && body.type !== "request") return undefined;
    const chain = chainIn(chains, body.asset.chainId);
    // Nobody here has looked at that chain: whether it was paid, and how much, is only said.
    if (chain === "unknown") return body.type === "payment" ? `${t("payment")} · ${t("unchecked")}` : t("request");
    const asset = assets[assetKey(body.asset)];
    const hasFailed = body.type === "payment" && body.state === "failed";
    const words = asset
      ? t(hasFailed ? "failedOf" : `${body.type}Of`, { amount: amountText(body.amount, asset) })
      : t(hasFailed ? "failedPayment" : body.type);
    const elsewhere = nameElsewhere(chain);
    // Any token can call itself as it likes, here as on the card.
    const isUnlisted = asset && !asset.listed;
    return [words, ...(elsewhere ? [elsewhere] : []), ...(isUnlisted ? [t("unlisted")] : [])].join(" · ");
  };
}
