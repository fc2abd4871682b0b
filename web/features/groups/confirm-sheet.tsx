"use client";
import { useTranslations } from "next-intl";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { useRun } from "./use-run.ts";

interface ConfirmSheetProps {
  title: string;
  /** What happens then, in plain words. */
  text: string;
  action: string;
  danger?: boolean;
  onConfirm(): Promise<unknown>;
  onClose(): void;
}

/** A question before something that is hard to take back. It stays open and says why when it did not work. */
export function ConfirmSheet({ title, text, action, danger = false, onConfirm, onClose }: ConfirmSheetProps) {
  const common = useTranslations("common");
  const errorText = useErrorText();
  const { busy, error, run } = useRun<"confirm">();
  const confirm = async () => {
    if (await run("confirm", onConfirm)) onClose();
  };
  return (
    <Sheet
      open
      onClose={onClose}
      title={title}
      description={text}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {common("cancel")}
          </Button>
          <Button look={danger ? "danger" : "primary"} busy={busy !== undefined} onClick={() => void confirm()}>
            {action}
          </Button>
        </>
      }
    >
      <p role="alert" className="text-13 text-bad">
        {error && errorText(error)}
      </p>
    </Sheet>
  );
}
