/** Our own small line drawings: one stroke width, ink that follows the text, the accent once. */
import type { ReactNode } from "react";

function Line({ width = 160, height = 110, children }: { width?: number; height?: number; children: ReactNode }) {
  return (
    <svg
      aria-hidden="true"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}

/** Two chairs that face each other under a lamp. */
export const TwoChairs = () => (
  <Line>
    <path d="M14 98h132" opacity="0.5" />
    <path d="M80 8v14" />
    <path d="M66 36c0-8 6-14 14-14s14 6 14 14H66Z" fill="var(--accent-soft)" stroke="var(--accent)" />
    <path d="M80 36v4" stroke="var(--accent)" />
    <path d="M34 42c-4 0-6 3-5 7l6 27h26c4 0 5-6 1-7l-18-3-4-20c-.6-2.600-3-4-6-4Z" />
    <path d="M38 76l-3 22M58 76l3 22" />
    <path d="M126 42c4 0 6 3 5 7l-6 27H99c-4 0-5-6-1-7l18-3 4-20c.6-2.600 3-4 6-4Z" />
    <path d="M122 76l3 22M102 76l-3 22" />
    <path d="M72 98V80h16v18M70 80h20" opacity="0.8" />
  </Line>
);

/** A handset resting on its cord. */
export const Handset = () => (
  <Line>
    <path d="M22 96h116" opacity="0.5" />
    <path d="M46 96V78c0-6 4-10 10-10h48c6 0 10 4 10 10v18" />
    <circle cx="80" cy="82" r="8" stroke="var(--accent)" fill="var(--accent-soft)" />
    <path d="M36 46c0-16 20-26 44-26s44 10 44 26v6c0 3-2 5-5 5h-14c-3 0-5-2-5-5v-5c-12-5-28-5-40 0v5c0 3-2 5-5 5H41c-3 0-5-2-5-5v-6Z" />
    <path d="M64 68V58M96 68V58" />
    <path d="M114 88c10 0 8-8 14-8s4 10 10 8" />
  </Line>
);

/** A closed door with nobody's name on it. */
export const ClosedDoor = () => (
  <Line>
    <path d="M22 98h116" opacity="0.5" />
    <path d="M52 98V40a28 28 0 0 1 56 0v58" />
    <path d="M60 98V42a20 20 0 0 1 40 0v56" />
    <circle cx="93" cy="68" r="2.500" stroke="var(--accent)" fill="var(--accent)" />
    <path d="M72 46h16v8H72z" stroke="var(--accent)" fill="var(--accent-soft)" />
    <path d="M118 98V84c0-4 3-6 6-6s6 2 6 6v14" opacity="0.7" />
    <path d="M124 78c-1-8-8-10-8-10s0 7 8 10Zm0-4c1-9 9-12 9-12s1 9-9 12Z" opacity="0.7" />
  </Line>
);

/** A lamp that is lit in the other room. */
export const OtherRoom = () => (
  <Line>
    <path d="M14 98h132" opacity="0.5" />
    <path d="M26 98V42a20 20 0 0 1 40 0v56" />
    <path d="M94 98V42a20 20 0 0 1 40 0v56" />
    <path d="M104 58c0-6 4-10 10-10s10 4 10 10h-20Z" stroke="var(--accent)" fill="var(--accent-soft)" />
    <path d="M114 58v30M107 98c0-6 3-10 7-10s7 4 7 10" stroke="var(--accent)" />
    <circle cx="59" cy="70" r="2" />
    <path d="M74 62h12m-4-4 4 4-4 4" />
  </Line>
);

/** A cable that does not quite reach. */
export const Unplugged = () => (
  <Line>
    <path d="M8 62c18 0 16 18 34 18s14-24 30-24" />
    <path d="M72 48h10c5 0 8 4 8 8s-3 8-8 8H72V48Z" />
    <path d="M90 52h8M90 60h8" />
    <path d="M152 56c-10 0-10-10-20-10" />
    <path
      d="M132 48h-8c-6 0-10 4-10 8s4 8 10 8h8V48Z"
      transform="translate(0 -2)"
      stroke="var(--accent)"
      fill="var(--accent-soft)"
    />
    <path d="M104 36l-3-8M110 74l3 8M100 70l-4 6" opacity="0.7" />
  </Line>
);

/** A letter torn in two. */
export const TornLetter = () => (
  <Line>
    <path d="M22 98h116" opacity="0.5" />
    <path d="M50 20h25l-5 14 7 12-8 14 7 12-6 18H50Z" transform="rotate(-5 60 56)" />
    <path d="M58 38h9M58 50h11M58 62h7M58 74h10" transform="rotate(-5 60 56)" opacity="0.7" />
    <path
      d="M83 20h27v70H78l6-18-7-12 8-14-7-12Z"
      transform="rotate(6 96 56) translate(10 0)"
      stroke="var(--accent)"
      fill="var(--accent-soft)"
    />
    <path d="M93 38h9M95 50h7M92 62h10" transform="rotate(6 96 56) translate(10 0)" stroke="var(--accent)" />
  </Line>
);

/** A purse with its clasp open. */
export const Purse = () => (
  <Line>
    <path d="M22 98h116" opacity="0.5" />
    <path d="M48 54c-10 12-14 22-14 30 0 9 7 14 16 14h60c9 0 16-5 16-14 0-8-4-18-14-30H48Z" />
    <path d="M46 54c4-14 16-24 34-24s30 10 34 24" />
    <path d="M76 30c-1-5 1-8 4-8s5 3 4 8" />
    <circle cx="80" cy="74" r="11" stroke="var(--accent)" fill="var(--accent-soft)" />
    <path d="M76 74h8M80 70v8" stroke="var(--accent)" />
    <path d="M120 40c4-2 6-6 6-10M132 48c5-2 8-6 9-12" opacity="0.7" />
  </Line>
);
