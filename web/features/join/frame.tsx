"use client";
import { ArrowLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef } from "react";
import { Wordmark } from "../../ui/brand.tsx";
import { cx } from "../../ui/cx.ts";
import { Door } from "../../ui/door.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { QuickSettings } from "../shell/quick-settings.tsx";

interface FrameProps {
  /** 1-based; none on side paths. */
  step?: number;
  onBack?: (() => void) | undefined;
  title: string;
  lead?: string;
  /** How far the door stands open, 0 to 1. */
  open: number;
  children: ReactNode;
}

const total = 3;

export function Frame({ step, onBack, title, lead, open, children }: FrameProps) {
  const t = useTranslations("join");
  const common = useTranslations("common");
  const heading = useRef<HTMLHeadingElement>(null);
  // A new step announces itself; fields that want the focus take it afterwards.
  useEffect(() => {
    if (title && document.activeElement === document.body) heading.current?.focus();
  }, [title]);
  return (
    <div className="mx-auto flex min-h-dvh max-w-[1120px] flex-col px-5 wide:px-10">
      <header className="flex h-18 items-center justify-between">
        <Wordmark />
        <QuickSettings />
      </header>
      <div className="grid flex-1 items-center gap-16 pb-16 wide:grid-cols-[minmax(0,1fr)_460px]">
        <Door open={open} className="mx-auto w-72 max-wide:hidden" />
        <main className="w-full max-w-[460px] self-start max-wide:mx-auto wide:self-center">
          <div className="flex h-11 items-center gap-1">
            {onBack && (
              <IconButton label={common("back")} onClick={onBack} className="-ml-3">
                <ArrowLeft aria-hidden className="size-5" />
              </IconButton>
            )}
            {step && (
              <p className="flex items-center gap-3 text-13 text-ink-faint">
                <span>{t("stepOf", { step, total })}</span>
                <span aria-hidden className="flex gap-1.5">
                  {[1, 2, 3].map((dot) => (
                    <span
                      key={dot}
                      className={cx("pressable h-1 w-6 rounded-full", dot <= step ? "bg-accent" : "bg-sunken")}
                    />
                  ))}
                </span>
              </p>
            )}
          </div>
          <div key={title} className="anim-rise">
            <h1
              ref={heading}
              tabIndex={-1}
              className="mt-2 text-28 leading-tight font-semibold tracking-[-0.02em] outline-none!"
            >
              {title}
            </h1>
            {lead && <p className="mt-2 max-w-[44ch] text-ink-soft">{lead}</p>}
            <div className="mt-7">{children}</div>
          </div>
        </main>
      </div>
    </div>
  );
}
