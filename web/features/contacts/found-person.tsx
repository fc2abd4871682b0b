"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import { placeHash } from "../../lib/hash.ts";
import type { ErrorCode } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Area } from "../../ui/field.tsx";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { Face } from "./face.tsx";
import type { Found } from "./find.ts";
import { useContacts } from "./model.ts";
import { shortId } from "./short-id.ts";

interface FoundPersonProps {
  person: Found;
  /** They gave their link. */
  invited: boolean;
  onOther(): void;
}

export function FoundPerson({ person, invited, onOther }: FoundPersonProps) {
  const t = useTranslations("contact");
  const common = useTranslations("common");
  const chats = useTranslations("chats");
  const errorText = useErrorText();
  const router = useRouter();
  const client = useClient();
  const contact = useContacts((state) => state.contacts[person.publicId]) ?? person.known;
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorCode>();

  const act = async (what: () => Promise<string>) => {
    setBusy(true);
    setError(undefined);
    try {
      router.push(await what());
    } catch (failed) {
      setError(codeOf(failed));
      setBusy(false);
    }
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    void act(async () => {
      const words = note.trim();
      const sent = await (words
        ? client.contacts.request(person.publicId, words)
        : client.contacts.request(person.publicId));
      return `/chats/${placeHash(sent.conversationId ? { conversation: sent.conversationId } : { person: sent.publicId })}`;
    });
  };
  const accept = () =>
    void act(async () => {
      const conversation = await client.contacts.accept(person.publicId);
      return `/chats/${placeHash({ conversation: conversation.id })}`;
    });

  return (
    <div className="anim-rise mt-6">
      <div className="flex items-center gap-4">
        <Face contact={contact ?? person} size={64} />
        <div className="min-w-0">
          <p className="truncate text-20 font-semibold">{person.pseudonym}</p>
          <p className="text-13 text-ink-faint">
            {invited ? t("invited") : <span className="font-mono">{shortId(person.publicId)}</span>}
          </p>
        </div>
      </div>
      {person.linkName && (
        <p className="mt-4 text-bad">{t("linkName", { link: person.linkName, registry: person.pseudonym })}</p>
      )}
      <div className="mt-6">
        {contact?.state === "connected" && contact.conversationId ? (
          <>
            <p className="mb-4 text-ink-soft">{t("already")}</p>
            <Button
              look="primary"
              onClick={() => router.push(`/chats/${placeHash({ conversation: contact.conversationId as string })}`)}
            >
              {t("open")}
            </Button>
          </>
        ) : contact?.state === "request-received" ? (
          <>
            <p className="mb-4 text-ink-soft">{t("requestText")}</p>
            <Button look="primary" busy={busy} onClick={accept}>
              {chats("accept")}
            </Button>
          </>
        ) : contact?.state === "request-sent" ? (
          <p className="text-ink-soft">{t("sent", { name: person.pseudonym })}</p>
        ) : contact?.state === "blocked" ? (
          <p className="text-ink-soft">{t("blockedText")}</p>
        ) : (
          <form onSubmit={send}>
            <Area
              label={t("noteLabel")}
              placeholder={t("notePlaceholder")}
              value={note}
              maxLength={280}
              onChange={(event) => setNote(event.target.value)}
            />
            <div className="mt-2 flex gap-2">
              <Button type="submit" look="primary" busy={busy}>
                {t("send")}
              </Button>
              <Button look="plain" onClick={onOther}>
                {common("cancel")}
              </Button>
            </div>
          </form>
        )}
        <p role="alert" className="mt-3 min-h-5 text-13 text-bad">
          {error && errorText(error)}
        </p>
      </div>
    </div>
  );
}
