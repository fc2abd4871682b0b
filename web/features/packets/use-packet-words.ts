import { useTranslations } from "next-intl";
import type { PacketBody, PacketView } from "../../lib/types.ts";

/** What a packet says of itself. */
export function usePacketWords() {
  const t = useTranslations("packets");
  return {
    /** Its sender's wish, or the usual one. */
    wish: ({ message }: PacketBody) => message?.trim() || t("wish"),
    kind: ({ lucky, shares }: PacketBody) => t(lucky ? "luckyShares" : "equalShares", { count: shares }),
    state: (view: PacketView | undefined) => t(`state.${view?.state ?? "looking"}`),
  };
}
