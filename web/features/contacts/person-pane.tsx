"use client";
import { ArrowLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import { goTo } from "../../lib/hash.ts";
import type { ErrorCode, PublicId } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { Face } from "./face.tsx";
import { useContacts } from "./model.ts";

/** Somebody with whom there is no conversation yet. */
export default function PersonPane({ publicId }: { publicId: PublicId }) {
  const t = useTranslations("contact");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const client = useClient();
  const contact = useContacts((state) => state.contacts[publicId]);
  const [error, setError] = useState<ErrorCode>();
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    if (contact?.state === "connected" && contact.conversationId) {
      goTo({ conversation: contact.conversationId }, { replace: true });
    }
  }, [contact]);
  if (!contact) return null;

  const ask = async () => {
    setBusy(true);
    try {
      await client.contacts.request(publicId);
      setError(undefined);
    } catch (failed) {
      setError(codeOf(failed));
    }
    setBusy(false);
  };
  const name = contact.pseudonym;
  const words =
    contact.state === "declined"
      ? { title: t("declinedTitle", { name }), text: t("declinedText") }
      : contact.state === "blocked"
        ? { title: t("blockedTitle", { name }), text: t("blockedText") }
        : { title: t("waitingTitle", { name }), text: t("waiting") };
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-15 items-center px-2 wide:hidden">
        <IconButton label={common("back")} onClick={() => goTo(undefined)}>
          <ArrowLeft aria-hidden className="size-5" />
        </IconButton>
      </div>
      <div className="anim-fade flex flex-1 flex-col items-center justify-center gap-3 px-8 pb-16 text-center">
        <Face contact={contact} size={88} />
        <h2 className="mt-2 text-20 font-semibold">{words.title}</h2>
        <p className="max-w-80 text-balance text-ink-soft">{words.text}</p>
        {contact.note && contact.state === "request-sent" && (
          <p className="mt-2 max-w-80 rounded-lg bg-mine px-4 py-2.5 text-left break-words">{contact.note}</p>
        )}
        {contact.state === "declined" && (
          <Button look="primary" className="mt-2" busy={busy} onClick={() => void ask()}>
            {t("askAgain")}
          </Button>
        )}
        {contact.state === "blocked" && (
          <Button look="outline" className="mt-2" onClick={() => void client.contacts.unblock(publicId)}>
            {t("unblock")}
          </Button>
        )}
        {contact.problem && <p className="max-w-80 text-13 text-bad">{errorText(contact.problem.code as ErrorCode)}</p>}
        {error && (
          <p role="alert" className="text-13 text-bad">
            {errorText(error)}
          </p>
        )}
      </div>
    </div>
  );
}
