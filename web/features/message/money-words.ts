import { useTranslations } from "next-intl";
import type { MessageBody } from "../../lib/types.ts";

/** What a payment or request is called where there is one line for it; undefined for everything else. */
export function useMoneyWords(): (body: MessageBody) => string | undefined {
  const t = useTranslations("chats");
  return (body) => {
    if (body.type !== "payment" && body.type !== "request") return undefined;
    return body.note ? `${t(body.type)}: ${body.note}` : t(body.type);
  };
}
