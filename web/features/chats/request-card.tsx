"use client";
import { Ban, Ellipsis } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Contact } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Face } from "../contacts/face.tsx";
import { useDecide } from "../contacts/use-decide.ts";
import { useErrorText } from "../shell/use-error-text.ts";

export function RequestCard({ contact }: { contact: Contact }) {
  const t = useTranslations("chats");
  const errorText = useErrorText();
  const { busy, error, run } = useDecide(contact, { openAccepted: true });
  return (
    <article
      aria-label={`${contact.pseudonym} ${t("wantsToTalk")}`}
      className="anim-rise rounded-md border border-hairline bg-float p-3"
    >
      <div className="flex items-start gap-3">
        <Face contact={contact} size={40} />
        <div className="min-w-0 flex-1">
          <p className="truncate font-semibold">{contact.pseudonym}</p>
          <p className="text-13 text-ink-soft">{t("wantsToTalk")}</p>
        </div>
        <Menu entries={[{ label: t("block"), icon: <Ban />, danger: true, onSelect: () => void run("block") }]}>
          <IconButton label={t("more")} className="-mt-1 -mr-1">
            <Ellipsis aria-hidden className="size-5" />
          </IconButton>
        </Menu>
      </div>
      {contact.note && <p className="mt-2 rounded-sm bg-raised px-3 py-2 text-13 break-words">{contact.note}</p>}
      {error && (
        <p role="alert" className="mt-2 text-13 text-bad">
          {errorText(error)}
        </p>
      )}
      <div className="mt-3 grid grid-cols-2 gap-2">
        <Button
          small
          look="quiet"
          disabled={busy !== undefined}
          busy={busy === "decline"}
          onClick={() => void run("decline")}
        >
          {t("decline")}
        </Button>
        <Button
          small
          look="primary"
          disabled={busy !== undefined}
          busy={busy === "accept"}
          onClick={() => void run("accept")}
        >
          {t("accept")}
        </Button>
      </div>
    </article>
  );
}
