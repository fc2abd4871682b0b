import type { Asset } from "../../lib/types.ts";
import { cx } from "../../ui/cx.ts";

/** The beginning of a symbol on a round ground: nobody's picture is fetched, and none can pretend. */
export function TokenIcon({ asset, size = 36 }: { asset: Asset; size?: number }) {
  return (
    <span
      aria-hidden
      style={{ width: size, height: size, fontSize: size * 0.3 }}
      className={cx(
        "flex shrink-0 items-center justify-center overflow-hidden rounded-full font-semibold",
        asset.listed ? "bg-accent-soft text-accent-ink" : "border border-dashed border-edge text-ink-soft",
      )}
    >
      {[...asset.symbol].slice(0, 3).join("")}
    </span>
  );
}
