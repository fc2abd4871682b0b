import type { ReactNode } from "react";
import { cx } from "../../ui/cx.ts";

export function Line({ icon, bad, children }: { icon: ReactNode; bad?: boolean; children: ReactNode }) {
  return (
    <span className={cx("flex min-w-0 items-center gap-1.5", bad && "text-bad")}>
      <span aria-hidden className="[&>svg]:size-3.5">
        {icon}
      </span>
      <bdi className="truncate">{children}</bdi>
    </span>
  );
}
