"use client";
import { ArrowLeft } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useState } from "react";
import { groupFragment, pageOfLink } from "../../lib/link-page.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { CodeField } from "./code-field.tsx";
import { useFind } from "./find.ts";
import { FoundPerson } from "./found-person.tsx";

/** Add somebody: typed, scanned, from a picture, or by having opened their link. */
export function AddPage() {
  const t = useTranslations("contact");
  const common = useTranslations("common");
  const router = useRouter();
  const errorText = useErrorText();
  const { query, busy, error, person, type, find, fail } = useFind();
  const [invited, setInvited] = useState(false);

  const openLink = useCallback(() => {
    if (location.hash.length < 2) return;
    const link = location.href;
    setInvited(true);
    // Whose link it was is nobody's business who looks at the address bar later.
    history.replaceState(history.state, "", location.pathname);
    void find(link);
  }, [find]);
  useEffect(() => {
    openLink();
    addEventListener("hashchange", openLink);
    return () => removeEventListener("hashchange", openLink);
  }, [openLink]);

  /** A person is looked up here; a group's link has a page of its own. */
  const look = (text: string) => {
    const fragment = groupFragment(text);
    if (fragment) router.push(pageOfLink(fragment));
    else void find(text);
  };

  return (
    <main className="h-full overflow-y-auto">
      <div className="mx-auto max-w-[480px] px-5 py-4 wide:py-10">
        <div className="flex items-center gap-1">
          <IconButton label={common("back")} className="-ml-3" onClick={() => router.push("/chats/")}>
            <ArrowLeft aria-hidden className="size-5" />
          </IconButton>
          <h1 className="text-20 font-semibold tracking-[-0.015em]">{t("addTitle")}</h1>
        </div>
        {person ? (
          <FoundPerson person={person} invited={invited} onOther={() => type("")} />
        ) : (
          <>
            <p className="mt-1 mb-6 text-ink-soft">{t("addLead")}</p>
            <CodeField
              label={t("find")}
              action={t("findAction")}
              value={query}
              busy={busy}
              error={error && errorText(error)}
              onType={type}
              onText={look}
              onError={fail}
            />
          </>
        )}
      </div>
    </main>
  );
}
