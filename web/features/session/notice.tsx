import type { ReactNode } from "react";

/** Instead of a page: what is the matter, and the way on. */
export function Notice(props: { drawing: ReactNode; title: string; text: string; children?: ReactNode }) {
  return (
    <main className="anim-fade flex min-h-dvh flex-col items-center justify-center gap-4 px-6 text-center">
      <div aria-hidden className="mb-2 text-ink-faint">
        {props.drawing}
      </div>
      <h1 className="text-20 font-semibold">{props.title}</h1>
      <p className="max-w-96 text-balance text-ink-soft">{props.text}</p>
      {props.children && <div className="mt-2">{props.children}</div>}
    </main>
  );
}
