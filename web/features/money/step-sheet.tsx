"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";

export interface Step {
  title: string;
  description?: ReactNode;
  /** To the step before, with everything as it was. */
  onBack?: (() => void) | undefined;
  /** What leads on. */
  next?: { label: string; busy?: boolean; disabled: boolean; onPress(): void };
  content: ReactNode;
}

/** Several steps in the same sheet: it stays while they change. */
export function StepSheet({ step, onClose }: { step: Step; onClose(): void }) {
  const common = useTranslations("common");
  const { title, description, onBack, next, content } = step;
  const footer = (onBack || next) && (
    <>
      {onBack && (
        <Button look="quiet" className="mr-auto" onClick={onBack}>
          {common("back")}
        </Button>
      )}
      {next && (
        <Button look="primary" busy={next.busy ?? false} disabled={next.disabled} onClick={next.onPress}>
          {next.label}
        </Button>
      )}
    </>
  );
  return (
    <Sheet open onClose={onClose} title={title} description={description} footer={footer}>
      {content}
    </Sheet>
  );
}
