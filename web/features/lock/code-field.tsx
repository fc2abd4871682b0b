"use client";
import { Eye, EyeOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ComponentProps, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";

type CodeFieldProps = Omit<ComponentProps<typeof Field>, "type" | "end" | "maxLength">;

/** A field for a code one knows: hidden until asked for. */
export function CodeField(props: CodeFieldProps) {
  const t = useTranslations("join.code");
  const [shown, setShown] = useState(false);
  const Sign = shown ? EyeOff : Eye;
  return (
    <Field
      {...props}
      type={shown ? "text" : "password"}
      maxLength={1024}
      end={
        <Button small look="plain" onClick={() => setShown(!shown)} aria-pressed={shown}>
          <Sign aria-hidden className="size-4" />
          <span className="sr-only">{shown ? t("hide") : t("show")}</span>
        </Button>
      }
    />
  );
}
