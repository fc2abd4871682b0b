"use client";
import { templateOf } from "@skrumble/sdk/agreements";
import { useTranslations } from "next-intl";
import type { AgreementVersion, AgreementView } from "../../lib/types.ts";
import { changeWords } from "./change-words.ts";
import { type AgreementWords, useOurLanguage } from "./use-agreement-words.ts";

/** Who changed what, the newest first: taken out and put in, said in words as well as shown. */
export function ChangesTab({ view, words }: { view: AgreementView; words: AgreementWords }) {
  const t = useTranslations("agreements");
  const changed = view.versions.filter(({ number }) => number > 1).toReversed();
  if (changed.length === 0) return <p className="py-6 text-center text-13 text-ink-soft">{t("noChanges")}</p>;
  return (
    <ol className="flex flex-col gap-5">
      {changed.map((version) => (
        <li key={version.id}>
          <h3 className="text-13 font-medium">
            {t("versionBy", { number: version.number, name: words.who(version.from) })}
          </h3>
          <Differences version={version} words={words} />
        </li>
      ))}
    </ol>
  );
}

export function Differences({
  version,
  words,
}: {
  version: Pick<AgreementVersion, "changes" | "draft">;
  words: AgreementWords;
}) {
  const t = useTranslations("agreements");
  const language = useOurLanguage();
  const { changes, draft } = version;
  if (changes.length === 0) return <p className="mt-2 text-13 text-ink-soft">{t("sameText")}</p>;
  return (
    <dl className="mt-2 flex flex-col gap-2.5">
      {changes.map((change) => {
        const { key, label, before, after } = changeWords(t, words, {
          change,
          draft,
          template: templateOf(draft),
          language,
        });
        return (
          <div key={key} className="rounded-md border border-hairline px-3 py-2.5">
            <dt className="text-12 font-medium text-ink-soft">{label}</dt>
            {before && (
              <dd className="mt-1 text-13">
                <span className="mr-1.5 text-12 font-medium text-bad">{t("takenOut")}</span>
                <del className="whitespace-pre-wrap text-ink-soft [overflow-wrap:anywhere]">{before}</del>
              </dd>
            )}
            {after && (
              <dd className="mt-1 text-13">
                <span className="mr-1.5 text-12 font-medium text-good">{t("putIn")}</span>
                <ins className="whitespace-pre-wrap underline decoration-good decoration-2 underline-offset-3 [overflow-wrap:anywhere]">
                  {after}
                </ins>
              </dd>
            )}
          </div>
        );
      })}
    </dl>
  );
}
