"use client";
import { ArrowRight } from "lucide-react";
import type { PublicId } from "../../lib/types.ts";
import { Avatar } from "../../ui/avatar.tsx";

interface FromToProps {
  from: PublicId;
  to: PublicId;
  nameOf(person: PublicId): string;
}

/** Who pays whom. */
export function FromTo({ from, to, nameOf }: FromToProps) {
  return (
    <p className="mt-1.5 flex min-w-0 items-center gap-1.5 text-13">
      <Avatar seed={from} size={20} />
      <bdi className="truncate">{nameOf(from)}</bdi>
      <ArrowRight aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
      <Avatar seed={to} size={20} />
      <bdi className="truncate">{nameOf(to)}</bdi>
    </p>
  );
}
