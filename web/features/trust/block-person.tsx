"use client";
import { Ban } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { Contact } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { useClient } from "../session/use-client.ts";

/** Asks once before somebody is blocked. */
export function BlockPerson({ contact, onDone }: { contact: Contact; onDone(): void }) {
  const chats = useTranslations("chats");
  const words = useTranslations("contact");
  const common = useTranslations("common");
  const client = useClient();
  const [asking, setAsking] = useState(false);
  const title = words("blockTitle", { name: contact.pseudonym });
  const block = async () => {
    await client.contacts.block(contact.publicId);
    onDone();
  };
  if (!asking) {
    return (
      <Button look="danger-quiet" className="-ml-3 px-3!" onClick={() => setAsking(true)}>
        <Ban aria-hidden className="size-4.5" />
        {title.replace(/[?？]$/, "")}
      </Button>
    );
  }
  return (
    <div role="alertdialog" aria-label={title} className="rounded-md bg-bad-soft p-4">
      <p className="font-semibold">{title}</p>
      <p className="mt-1 text-13">{words("blockText")}</p>
      <div className="mt-3 flex gap-2">
        <Button small look="danger" onClick={() => void block()}>
          {chats("block")}
        </Button>
        <Button small look="outline" onClick={() => setAsking(false)}>
          {common("cancel")}
        </Button>
      </div>
    </div>
  );
}
