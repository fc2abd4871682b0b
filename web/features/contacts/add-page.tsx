"use client";
import { ArrowLeft, Camera, ImageUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { groupFragment, pageOfLink } from "../../lib/link-page.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { useFind } from "./find.ts";
import { FoundPerson } from "./found-person.tsx";

const Scanner = lazy(() => import("./scanner.tsx"));

/** Add somebody: typed, scanned, from a picture, or by having opened their link. */
export function AddPage() {
  const t = useTranslations("contact");
  const common = useTranslations("common");
  const router = useRouter();
  const errorText = useErrorText();
  const { query, busy, error, person, type, find, fail } = useFind();
  const [scanning, setScanning] = useState(false);
  const [invited, setInvited] = useState(false);
  const picture = useRef<HTMLInputElement>(null);

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
  const submit = (event: FormEvent) => {
    event.preventDefault();
    look(query);
  };
  const read = (text: string) => {
    setScanning(false);
    look(text);
  };
  const readPicture = async (file: File) => {
    const { readQr } = await import("./read-qr.ts");
    const text = await readQr(file);
    if (text) read(text);
    else fail("LINK_INVALID");
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
            <form onSubmit={submit}>
              <Field
                label={t("find")}
                value={query}
                onChange={(event) => type(event.target.value)}
                error={error && errorText(error)}
                enterKeyHint="search"
                maxLength={2048}
                end={
                  <Button small look="primary" type="submit" busy={busy} disabled={!query.trim()} className="mr-1">
                    {t("findAction")}
                  </Button>
                }
              />
            </form>
            <div className="mt-3 flex flex-wrap gap-2">
              <Button onClick={() => setScanning(true)} disabled={scanning}>
                <Camera aria-hidden className="size-4.5" />
                {t("scan")}
              </Button>
              <Button onClick={() => picture.current?.click()}>
                <ImageUp aria-hidden className="size-4.5" />
                {t("scanPicture")}
              </Button>
              <input
                ref={picture}
                type="file"
                accept="image/*"
                aria-label={t("scanPicture")}
                tabIndex={-1}
                className="sr-only"
                onChange={(event) => {
                  const file = event.target.files?.[0];
                  if (file) void readPicture(file);
                  event.target.value = "";
                }}
              />
            </div>
            {scanning && (
              <Suspense fallback={null}>
                <Scanner onText={read} onStop={() => setScanning(false)} onError={fail} />
              </Suspense>
            )}
          </>
        )}
      </div>
    </main>
  );
}
