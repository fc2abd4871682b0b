"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { isAddress } from "../lib/address.ts";
import { Field } from "./field.tsx";

/** What is typed into an `AddressField`. */
export function useTypedAddress() {
  const [value, setValue] = useState("");
  const [wrong, setWrong] = useState(false);
  const text = value.trim();
  return {
    /** Undefined as long as it is none. */
    address: isAddress(text) ? text : undefined,
    isEmpty: !text,
    /** Says that it is none, until something else is typed. */
    refuse: () => setWrong(true),
    field: {
      ...{ value, wrong },
      onChange(next: string) {
        setValue(next);
        setWrong(false);
      },
    },
  };
}

interface AddressFieldProps {
  label: string;
  hint: string;
  value: string;
  wrong: boolean;
  /** What else is the matter with it. */
  error?: string | undefined;
  onChange(value: string): void;
}

/** For the address of an account or contract. It has the keyboard as soon as it is there. */
export function AddressField({ wrong, error, onChange, ...rest }: AddressFieldProps) {
  const t = useTranslations("common");
  return (
    <Field
      {...rest}
      error={wrong ? t("addressWrong") : error}
      maxLength={64}
      placeholder="0x…"
      autoComplete="off"
      autoFocus
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
