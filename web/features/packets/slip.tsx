import type { Asset } from "../../lib/types.ts";
import { Amount } from "../money/amount.tsx";

/** The paper that comes out of an opened packet. */
export function Slip({ amount, asset }: { amount: bigint; asset: Asset | undefined }) {
  return (
    <div className="absolute inset-x-7 top-10 flex justify-center">
      <div
        aria-live="polite"
        className="anim-slip flex min-h-40 w-full items-center justify-center rounded-md bg-float px-4 text-center text-ink shadow-float"
      >
        <Amount amount={amount} asset={asset} alone />
      </div>
    </div>
  );
}
