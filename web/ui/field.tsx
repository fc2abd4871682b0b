"use client";
import { CircleAlert } from "lucide-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "./cx.ts";

interface FieldProps extends ComponentProps<"input"> {
  label: string;
  /** One quiet sentence below; replaced by `error` while there is one. */
  hint?: ReactNode;
  error?: string | undefined;
  /** Sits inside the frame, at its end. */
  end?: ReactNode;
  start?: ReactNode;
}

const frame =
  "pressable flex items-center rounded-md border bg-float focus-within:border-accent focus-within:shadow-[0_0_0_3px_var(--accent-soft)]";

export function Field({ label, hint, error, end, start, className, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-13 font-medium text-ink-soft">
        {label}
      </label>
      <div className={cx(frame, error ? "border-bad" : "border-edge")}>
        {start && <span className="pl-3.5 text-ink-faint">{start}</span>}
        <input
          id={id}
          className="h-12 w-full min-w-0 bg-transparent px-3.5 text-17 outline-none"
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-hint`}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          {...rest}
        />
        {end && <span className="flex shrink-0 items-center pr-1">{end}</span>}
      </div>
      <FieldHint id={`${id}-hint`} hint={hint} error={error} />
    </div>
  );
}

interface AreaProps extends ComponentProps<"textarea"> {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
}

export function Area({ label, hint, error, className, ...rest }: AreaProps) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-13 font-medium text-ink-soft">
        {label}
      </label>
      <div className={cx(frame, error ? "border-bad" : "border-edge")}>
        <textarea
          id={id}
          rows={3}
          className="w-full resize-none bg-transparent px-3.5 py-2.5 outline-none"
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-hint`}
          {...rest}
        />
      </div>
      <FieldHint id={`${id}-hint`} hint={hint} error={error} />
    </div>
  );
}

function FieldHint({ id, hint, error }: { id: string; hint: ReactNode; error: string | undefined }) {
  return (
    <div id={id} aria-live="polite" className="mt-1.5 min-h-5 text-13">
      {error ? (
        <p className="anim-fade flex items-start gap-1.5 text-bad">
          <CircleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
          {error}
        </p>
      ) : (
        <div className="text-ink-faint">{hint}</div>
      )}
    </div>
  );
}
