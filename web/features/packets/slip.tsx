import type { Asset } from "../../lib/types.ts";
import { Amount } from "../money/amount.tsx";

/** The paper that comes out of an opened packet: its lower end stays in the pocket. */
export function Slip({ amount, asset }: { amount: bigint; asset: Asset | undefined }) {
  return (
    <div className="absolute inset-x-12 -top-10 z-10">
      <div
        aria-live="polite"
        className="anim-slip flex h-48 w-full items-center justify-center rounded-md bg-float px-3 pb-8 text-center text-ink shadow-float"
      >
        <Amount amount={amount} asset={asset} alone />
      </div>
    </div>
  );
}
