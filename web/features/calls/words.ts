import { useTranslations } from "next-intl";
import type { CallSnapshot, ErrorCode } from "../../lib/types.ts";
import { useErrorText } from "../shell/use-error-text.ts";

/** The state of a call in a word or a sentence. */
export function useStateWords(snapshot: CallSnapshot): string {
  const t = useTranslations("calls");
  const errorText = useErrorText();
  const name = snapshot.contact.pseudonym;
  switch (snapshot.state) {
    case "ringing-out":
      return snapshot.reached ? t("ringing") : t("reaching");
    case "ringing-in":
      return t(snapshot.video ? "incomingVideo" : "incomingAudio");
    case "connecting":
      return t("connecting");
    case "reconnecting":
      return t("reconnecting");
    case "connected":
      return t("connected");
    case "ended":
      switch (snapshot.end?.reason) {
        case "declined":
          return snapshot.direction === "out" ? t("endedDeclined", { name }) : t("endedHungUp");
        case "missed":
          return snapshot.direction === "out" ? t("endedMissed") : t("missedFrom", { name });
        case "busy":
          return t("endedBusy", { name });
        case "cancelled":
          return t("endedCancelled");
        case "failed":
          return snapshot.end.code ? errorText(snapshot.end.code as ErrorCode) : t("endedFailed");
        default:
          return t("endedHungUp");
      }
  }
}
