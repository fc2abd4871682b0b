"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { PayableChain } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import type { ChainHoldings } from "./use-holdings.ts";

interface ChainGroupsProps {
  chains: readonly ChainHoldings[];
  /** Of the line that names a chain. */
  className?: string;
  /** Reads a chain that was not, or could not be. */
  onLook(chainId: number): void;
  /** The list of what there is on a chain, with the name that a screen reader says of it. */
  children(chain: Required<Pick<ChainHoldings, "chain" | "holdings">>, label: string): ReactNode;
}

/** Assets by chain; where there is only the network's own, nobody has to know of chains. */
export function ChainGroups({ chains, className, onLook, children }: ChainGroupsProps) {
  const t = useTranslations("money");
  const more = useTranslations("otherChains");
  const common = useTranslations("common");
  const part = ({ chain, asked, holdings, error }: ChainHoldings, label: string) => {
    if (holdings) return children({ chain, holdings }, label);
    if (asked && !error) return <Skeleton className="my-2 h-10 rounded-md" />;
    return (
      <p className={cx("flex flex-wrap items-center gap-2 py-2 text-13 text-ink-soft", className)}>
        {error ? t("chainAway", { chain: chain.name }) : more("unread")}
        <Button small look="plain" onClick={() => onLook(chain.chainId)}>
          {error ? common("retry") : more("look")}
        </Button>
      </p>
    );
  };
  const [only] = chains;
  if (chains.length === 1 && only) return part(only, t("assets"));
  return chains.map((one) => (
    <section key={one.chain.chainId} aria-label={one.chain.name}>
      <ChainTitle chain={one.chain} className={className} />
      {part(one, one.chain.name)}
    </section>
  ));
}

function ChainTitle({ chain, className }: { chain: PayableChain; className: string | undefined }) {
  return (
    <h3 className={cx("pt-3 pb-1 text-13 font-medium text-ink-soft", className)}>
      <bdi>{chain.name}</bdi>
    </h3>
  );
}
