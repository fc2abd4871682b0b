import type { ReactNode } from "react";

interface SectionProps {
  title: string;
  hint?: string;
  /** For links to it. */
  id?: string;
  children: ReactNode;
}

/** A titled group of rows on one surface. */
export function Section({ title, hint, id, children }: SectionProps) {
  return (
    <section id={id} aria-label={title} className="mt-8 scroll-mt-4">
      <h2 className="px-4 text-13 font-medium text-ink-soft">{title}</h2>
      <div className="mt-2 divide-y divide-hairline overflow-hidden rounded-lg border border-hairline bg-float">
        {children}
      </div>
      {hint && <p className="mt-2 px-4 text-13 text-ink-faint">{hint}</p>}
    </section>
  );
}

export function RowLine({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-h-14 flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-2.5">
      <span>{label}</span>
      <span className="text-ink-soft">{children}</span>
    </div>
  );
}
