"use client";
import { useTranslations } from "next-intl";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";

export interface DeleteSheetProps {
  forEveryone: boolean;
  onClose(): void;
  onDelete(): void;
}

/** Asked once before words are gone; says what it cannot do. */
export default function DeleteSheet({ forEveryone, onClose, onDelete }: DeleteSheetProps) {
  const t = useTranslations("deleteMessage");
  const common = useTranslations("common");
  return (
    <Sheet
      open
      onClose={onClose}
      title={t(forEveryone ? "titleEveryone" : "titleMe")}
      footer={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button
            look="danger"
            onClick={() => {
              onDelete();
              onClose();
            }}
          >
            {t("delete")}
          </Button>
        </>
      }
    >
      <p className="text-ink-soft">{t(forEveryone ? "everyone" : "me")}</p>
    </Sheet>
  );
}
