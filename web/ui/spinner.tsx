import { LoaderCircle } from "lucide-react";

export function Spinner({ label }: { label: string }) {
  return (
    <span role="status" className="anim-late inline-flex items-center gap-2 text-13 text-ink-faint">
      <LoaderCircle aria-hidden className="anim-turn size-4" />
      {label}
    </span>
  );
}
