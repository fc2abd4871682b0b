"use client";
import type { AgreementDraft, ProofWarning } from "@skrumble/sdk/agreements";
import { useFormatter, useTranslations } from "next-intl";

/** What whoever relies on a proof should know: on the screen where it is opened or saved, and on paper. */
export function ProofWarnings({ warnings, draft }: { warnings: readonly ProofWarning[]; draft: AgreementDraft }) {
  const t = useTranslations("agreements.warning");
  const format = useFormatter();
  const list = (words: string[]) => format.list(words, { type: "conjunction" });
  if (warnings.length === 0) return null;
  const says = (warning: ProofWarning): string => {
    switch (warning.kind) {
      case "unsigned":
        return t(warning.kind, { names: list(warning.parties.map(({ pseudonym }) => pseudonym)) });
      case "stranger":
      case "arbiter-is-party":
        return t(warning.kind, { name: warning.party.pseudonym });
      case "look-alike":
        return t(warning.kind, { name: warning.pseudonym, other: warning.other });
      case "unfunded":
      case "may-come":
        return t(warning.kind, { milestones: list(warning.milestones.map((at) => titleOf(draft, at))) });
      case "unlisted-token":
      case "asset-differs":
        return t(warning.kind, { symbol: draft.money?.asset.symbol ?? "", token: draft.money?.asset.token ?? "" });
      default:
        return t(warning.kind);
    }
  };
  return (
    <div role="note" className="my-3 rounded-md bg-wait-soft px-3 py-2 text-13 text-wait">
      <ul className="flex list-disc flex-col gap-1.5 pl-4">
        {warnings.map(says).map((line) => (
          <li key={line} className="[overflow-wrap:anywhere]">
            {line}
          </li>
        ))}
      </ul>
    </div>
  );
}

const titleOf = ({ money }: AgreementDraft, at: number): string => money?.milestones[at]?.title ?? `${at + 1}`;
