"use client";
import { Fingerprint, MonitorSmartphone, Network, Stamp } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { isDeviceLink } from "../../lib/link-page.ts";
import { pendingLink } from "../../lib/pending-link.ts";
import { Wordmark } from "../../ui/brand.tsx";
import { Button } from "../../ui/button.tsx";
import { Door } from "../../ui/door.tsx";
import { QuickSettings } from "../shell/quick-settings.tsx";

export function Welcome() {
  const t = useTranslations("welcome");
  const devices = useTranslations("devices");
  const [invited, setInvited] = useState(false);
  const [misread, setMisread] = useState(false);
  const [ajar, setAjar] = useState(0.3);
  const router = useRouter();
  useEffect(() => router.prefetch("/join/"), [router]);
  // The page keeps an opened link once it is known that nobody has joined here yet.
  useEffect(() => {
    const device = isDeviceLink(location.hash);
    setInvited((location.hash.length > 1 && !device) || pendingLink() !== undefined);
    setMisread(device);
  }, []);
  const points = [
    { icon: Fingerprint, title: t("point1Title"), text: t("point1") },
    { icon: Network, title: t("point2Title"), text: t("point2") },
    { icon: Stamp, title: t("point3Title"), text: t("point3") },
  ];
  return (
    <div className="for-newcomers mx-auto flex min-h-dvh max-w-[1120px] flex-col px-5 wide:px-10">
      <header className="flex h-18 items-center justify-between">
        <Wordmark />
        <QuickSettings />
      </header>
      <main className="flex flex-1 flex-col">
        <div className="grid flex-1 items-center gap-x-16 gap-y-6 py-6 wide:grid-cols-[1fr_340px] wide:py-10">
          <div className="max-wide:order-2">
            <h1 className="max-w-[14ch] text-40 leading-[1.08] font-semibold tracking-[-0.03em] wide:text-56 [&:lang(zh)]:max-w-none">
              {t("title")}
            </h1>
            <p className="mt-5 max-w-[46ch] text-17 leading-relaxed text-ink-soft">{t("lead")}</p>
            {misread && (
              <p className="anim-rise mt-5 max-w-[46ch] rounded-md bg-wait-soft px-4 py-3 text-wait">
                {devices("misread")}
              </p>
            )}
            {invited && (
              <p className="anim-rise mt-5 max-w-[46ch] rounded-md bg-accent-soft px-4 py-3 text-accent-ink">
                {t("invited")}
              </p>
            )}
            <div className="mt-8">
              <Button
                look="primary"
                className="h-13! px-8! text-17! max-wide:w-full"
                onClick={() => router.push("/join/")}
                onPointerEnter={() => setAjar(0.62)}
                onPointerLeave={() => setAjar(0.3)}
                onFocus={() => setAjar(0.62)}
                onBlur={() => setAjar(0.3)}
              >
                {t("start")}
              </Button>
              <Button
                look="plain"
                className="h-13! max-wide:mt-2 max-wide:w-full wide:ml-2"
                onClick={() => router.push("/link/")}
              >
                <MonitorSmartphone aria-hidden className="size-4.5" />
                {devices("linkTitle")}
              </Button>
              <p className="mt-4 max-w-[46ch] text-13 text-ink-faint">{t("return")}</p>
            </div>
          </div>
          <Door open={ajar} className="mx-auto w-44 wide:w-full" />
        </div>
        <ul className="grid gap-x-10 gap-y-6 border-t border-hairline py-8 wide:grid-cols-3">
          {points.map(({ icon: Icon, title, text }) => (
            <li key={title} className="flex gap-4">
              <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-accent" strokeWidth={1.75} />
              <div>
                <h2 className="font-semibold">{title}</h2>
                <p className="mt-1 text-13 leading-relaxed text-ink-soft">{text}</p>
              </div>
            </li>
          ))}
        </ul>
      </main>
      <footer className="pb-6 text-13 text-ink-faint">{t("foot")}</footer>
    </div>
  );
}
