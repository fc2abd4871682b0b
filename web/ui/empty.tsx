import type { ReactNode } from "react";

interface EmptyProps {
  drawing: ReactNode;
  /** One sentence. */
  children: ReactNode;
  /** One thing to do. */
  action?: ReactNode;
}

export function Empty({ drawing, children, action }: EmptyProps) {
  return (
    <div className="anim-fade flex h-full flex-col items-center justify-center gap-5 px-8 py-12 text-center">
      <div aria-hidden className="text-ink-faint">
        {drawing}
      </div>
      <p className="max-w-72 text-balance text-ink-soft">{children}</p>
      {action}
    </div>
  );
}
