import { createElement, Fragment, type ReactNode } from "react";
import { excerpt, type Ranges } from "./excerpt.ts";

/** A text with its matches marked. */
export function Highlighted({ text, ranges }: { text: string; ranges: Ranges }) {
  const shown = excerpt(text, ranges);
  const parts: ReactNode[] = [];
  let done = 0;
  for (const [from, to] of shown.ranges) {
    parts.push(shown.text.slice(done, from), mark(shown.text.slice(from, to)));
    done = to;
  }
  parts.push(shown.text.slice(done));
  return <bdi>{createElement(Fragment, null, ...parts)}</bdi>;
}

const mark = (text: string) => <mark className="rounded-[3px] bg-wait-soft font-semibold text-ink">{text}</mark>;
