"use client";
import { Phone, Video, VideoOff } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Contact } from "../../lib/types.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { useCalls } from "./model.ts";
import { useVideoProblem } from "./video-problem.ts";

/**
 * Call with sound, call with video. Where a tier has no video the button says so, and can still be pressed: the chain is
 * asked once more, and its answer stands where everybody sees it.
 */
export function CallButtons({ contact }: { contact: Contact }) {
  const t = useTranslations("conversation");
  const errorText = useErrorText();
  const { start, snapshot } = useCalls();
  const problem = useVideoProblem(contact.publicId, snapshot !== undefined);
  const canCall = contact.state === "connected" && !contact.problem && !snapshot;
  return (
    <>
      <IconButton label={t("audioCall")} disabled={!canCall} onClick={() => void start(contact.publicId, false)}>
        <Phone aria-hidden className="size-5" />
      </IconButton>
      <IconButton
        label={problem ? t("noVideoCall", { why: errorText(problem) }) : t("videoCall")}
        disabled={!canCall}
        onClick={() => void start(contact.publicId, true)}
      >
        {problem ? (
          <VideoOff aria-hidden className="size-5.5 text-ink-faint" />
        ) : (
          <Video aria-hidden className="size-5.5" />
        )}
      </IconButton>
    </>
  );
}
