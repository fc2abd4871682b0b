"use client";
import { Clock, RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Contact } from "../../lib/types.ts";
import { Button, type ButtonProps } from "../../ui/button.tsx";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { renew, useRenewals } from "./renewal.ts";

interface RenewProps {
  contact: Contact;
  look: NonNullable<ButtonProps["look"]>;
}

/** The button that asks for a fresh session; afterwards what became of it. */
export function Renew({ contact, look }: RenewProps) {
  const t = useTranslations("trust");
  const errorText = useErrorText();
  const client = useClient();
  const { publicId, pseudonym } = contact;
  const renewal = useRenewals((state) => state.renewals[publicId]);
  if (renewal?.state === "asked") {
    return (
      <p role="status" className="anim-fade flex items-start gap-2 text-13 text-wait">
        <Clock aria-hidden className="mt-0.5 size-3.5 shrink-0" />
        {t("renewAsked", { name: pseudonym })}
      </p>
    );
  }
  return (
    <>
      <Button small look={look} busy={renewal?.state === "asking"} onClick={() => void renew(client, publicId)}>
        {renewal?.state !== "asking" && <RefreshCw aria-hidden className="size-4" />}
        {t("renew")}
      </Button>
      {renewal?.state === "failed" && (
        <p role="alert" className="anim-fade w-full text-13 text-bad">
          {errorText(renewal.code)}
        </p>
      )}
    </>
  );
}
