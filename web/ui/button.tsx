import { LoaderCircle } from "lucide-react";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cx } from "./cx.ts";

type Look = "primary" | "quiet" | "outline" | "plain" | "danger" | "danger-quiet";

const looks: Record<Look, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  quiet: "bg-raised text-ink hover:bg-sunken",
  outline: "border border-hairline bg-paper text-ink hover:bg-raised",
  plain: "text-accent-ink hover:bg-accent-soft",
  danger: "bg-bad text-on-bad hover:bg-bad-strong",
  "danger-quiet": "text-bad hover:bg-bad-soft",
};

export interface ButtonProps extends ComponentProps<"button"> {
  look?: Look;
  /** Full height is 44 px; small ones keep that as their touch target. */
  small?: boolean;
  busy?: boolean;
  /** Renders the child (a link) in the button's clothes. */
  asChild?: boolean;
}

export function Button({ look = "quiet", small, busy, asChild, className, children, disabled, ...rest }: ButtonProps) {
  const dress = cx(
    "pressable relative inline-flex shrink-0 items-center justify-center gap-2 rounded-md font-medium select-none active:scale-[0.985] disabled:opacity-45 disabled:active:scale-100",
    small ? "h-9 px-3 text-13 after:absolute after:-inset-1" : "h-11 px-5 text-15",
    looks[look],
    className,
  );
  if (asChild) {
    return (
      <Slot.Root className={dress} {...rest}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button type="button" className={dress} disabled={disabled || busy} aria-busy={busy || undefined} {...rest}>
      {busy && <LoaderCircle aria-hidden className="anim-turn size-4" />}
      {children}
    </button>
  );
}
