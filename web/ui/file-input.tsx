import type { Ref } from "react";

interface FileInputProps {
  /** Clicked by the button that asks for the file. */
  ref: Ref<HTMLInputElement>;
  label: string;
  accept?: string;
  onFile(file: File): void;
}

/** Asks for a file behind a button of our own; the same file can be chosen again. */
export const FileInput = ({ ref, label, accept, onFile }: FileInputProps) => (
  <input
    ref={ref}
    type="file"
    accept={accept}
    aria-label={label}
    tabIndex={-1}
    className="sr-only"
    onChange={({ target }) => {
      const file = target.files?.[0];
      target.value = "";
      if (file) onFile(file);
    }}
  />
);
