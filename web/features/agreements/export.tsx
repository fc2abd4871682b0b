"use client";
import { draftToJson, warningsOf } from "@skrumble/sdk/agreements";
import { Download, Printer } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { saveFile } from "../../lib/save-file.ts";
import type { AgreementView } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { ProofWarnings } from "./proof-warnings.tsx";
import type { AgreementWords } from "./use-agreement-words.ts";

/** To keep or to show to somebody else: on paper or as PDF by the browser's own print, and as the file that proves it. */
export function Export({ view, words }: { view: AgreementView; words: AgreementWords }) {
  const t = useTranslations("agreements");
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    if (!printing) return;
    const done = () => setPrinting(false);
    window.addEventListener("afterprint", done, { once: true });
    document.documentElement.dataset.printing = "agreement";
    window.print();
    return () => {
      delete document.documentElement.dataset.printing;
      window.removeEventListener("afterprint", done);
    };
  }, [printing]);
  const { draft } = view.version;
  return (
    <div className="mt-4">
      <div className="flex flex-wrap gap-2">
        <Button small look="quiet" onClick={() => setPrinting(true)}>
          <Printer aria-hidden className="size-4" />
          {t("print")}
        </Button>
        {view.concluded && (
          <Button
            small
            look="quiet"
            onClick={() => saveFile("agreement.json", [new TextEncoder().encode(draftToJson(draft))])}
          >
            <Download aria-hidden className="size-4" />
            {t("saveProof")}
          </Button>
        )}
      </div>
      {view.concluded && <p className="mt-2 text-12 text-ink-faint">{t("proofHint")}</p>}
      {view.concluded && <ProofWarnings warnings={warningsOf(view)} draft={draft} />}
      {printing && createPortal(<PrintPaper view={view} words={words} />, document.body)}
    </div>
  );
}

/** What is printed: the text whole, who signed it, and where it stands on chain. */
function PrintPaper({ view, words }: { view: AgreementView; words: AgreementWords }) {
  const t = useTranslations("agreements");
  const format = useFormatter();
  const { version, text, signatures, concluded } = view;
  const when = (at: number) => format.dateTime(at, { dateStyle: "long", timeStyle: "long", timeZone: "UTC" });
  return (
    <article className="print-paper" lang={version.draft.language}>
      <pre>{text}</pre>
      <section>
        <h2>{t("tab.signatures")}</h2>
        <ul>
          {signatures.map(({ party, state, at }) => (
            <li key={party.publicId}>
              <b>{party.pseudonym}</b> · {words.role(version.draft, party.role)} · {t(`signature.${state}`)}
              {at === undefined ? null : ` · ${when(at)}`}
              <br />
              <code>{party.wallet}</code>
            </li>
          ))}
        </ul>
      </section>
      {concluded ? (
        <section>
          <h2>{t("proof")}</h2>
          <p>{t("proofText", { chain: version.draft.chainId, when: when(concluded.at) })}</p>
          <p>
            {t("number")} <code>{concluded.id}</code>
          </p>
          {concluded.escrow && (
            <p>
              {t("escrow")} <code>{concluded.escrow}</code>
            </p>
          )}
          <p>{t("proofCommand")}</p>
          <pre>npx node examples/verify/verify.ts agreement.json RELAY RELAY</pre>
          <p>{t("proofFile")}</p>
          <pre className="small">{draftToJson(version.draft)}</pre>
        </section>
      ) : (
        <p>{t("notInForce")}</p>
      )}
      <ProofWarnings warnings={warningsOf(view)} draft={version.draft} />
    </article>
  );
}
