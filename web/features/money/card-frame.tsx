import type { ReactNode } from "react";

interface CardFrameProps {
  icon: ReactNode;
  kind: string;
  /** The state, in a word. */
  chip: ReactNode;
  children: ReactNode;
}

/** The anatomy of a card about money: kind and state on top, how much large, who below, one thing to do, details. */
export function CardFrame({ icon, kind, chip, children }: CardFrameProps) {
  return (
    <div className="w-72 max-w-full rounded-lg border border-hairline bg-float px-4 pt-3 pb-2">
      <div className="flex min-h-6 items-center justify-between gap-2">
        <span className="flex min-w-0 items-center gap-1.5 text-13 text-ink-soft [&>svg]:size-4 [&>svg]:shrink-0">
          {icon}
          <span className="truncate">{kind}</span>
        </span>
        {chip}
      </div>
      {children}
    </div>
  );
}

/** Holds a card's place until its code has come. */
export const CardGap = () => <div className="h-48" />;
