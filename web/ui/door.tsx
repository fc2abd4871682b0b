/** The showpiece drawing: a door that opens as far as one has come (0 shut, 1 wide open), onto a lit room. */
export function Door({ open, className }: { open: number; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 360 400"
      className={className}
      fill="none"
      stroke="var(--ink-soft)"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <defs>
        <clipPath id="door-arch">
          <path d="M104 340V164a76 76 0 0 1 152 0v176Z" />
        </clipPath>
      </defs>
      {/* light that falls out onto the floor */}
      <path
        d="M104 341h152l74 46H48Z"
        fill="var(--room)"
        stroke="none"
        style={{ opacity: 0.12 + open * 0.5, transition: "opacity 600ms var(--ease)" }}
      />
      {/* the room: its lamp is lit in both themes */}
      <g clipPath="url(#door-arch)" stroke="var(--room-line)">
        <path d="M100 80h160v264H100Z" fill="var(--room)" stroke="none" />
        <path d="M100 296h160v48H100Z" fill="var(--door-line)" opacity="0.28" stroke="none" />
        <path d="M100 296h160" strokeWidth="1.5" opacity="0.5" />
        <path d="M180 86v42" strokeWidth="1.5" />
        <path d="M160 150c0-12 9-22 20-22s20 10 20 22Z" fill="var(--room-paper)" stroke="var(--door)" />
        <path d="M180 150v5" stroke="var(--door)" />
        <path d="M150 172l-26 124h112l-26-124Z" fill="var(--room-paper)" opacity="0.42" stroke="none" />
        <g strokeWidth="1.8">
          <path d="M124 242c-6 0-9 4-8 9l7 34h32c6 0 7-8 2-9l-22-4-4-24c-.6-4-3-6-7-6Z" fill="var(--room-paper)" />
          <path d="M128 285l-3 24M152 285l3 24" />
          <path d="M236 242c6 0 9 4 8 9l-7 34h-32c-6 0-7-8-2-9l22-4 4-24c.6-4 3-6 7-6Z" fill="var(--room-paper)" />
          <path d="M232 285l3 24M208 285l-3 24" />
          <path d="M168 276h24M180 276v34M172 310h16" />
          <path d="M176 276v-6h8v6" stroke="var(--door)" fill="var(--room)" />
        </g>
      </g>
      {/* the leaf of the door, hung on the left */}
      <g
        style={{
          transformOrigin: "104px 340px",
          transform: `scaleX(${(1 - open * 0.72).toFixed(3)}) skewY(${(open * 9).toFixed(2)}deg)`,
          transition: "transform 700ms var(--ease)",
        }}
      >
        <path d="M104 340V164a76 76 0 0 1 152 0v176Z" fill="var(--door)" stroke="var(--door)" />
        <path d="M124 322V246h112v76ZM124 226v-60a56 56 0 0 1 112 0v60Z" stroke="var(--door-line)" />
        <circle cx="240" cy="236" r="5" fill="var(--room)" stroke="none" />
      </g>
      {/* frame, step, and what stands beside it */}
      <path d="M88 341V164a92 92 0 0 1 184 0v177" />
      <path d="M104 340V164a76 76 0 0 1 152 0v176" />
      <path d="M30 341h300" />
      <g strokeWidth="1.8">
        <path d="M296 341l-5-34h30l-5 34Z" fill="var(--raised)" />
        <path
          d="M306 307c0-22-2-32 0-48M306 290c-12-2-18-12-18-22 12 0 18 10 18 22ZM306 276c12-2 18-12 18-24-13 1-18 12-18 24ZM306 262c-8-4-10-14-6-22 8 6 10 14 6 22Z"
          fill="var(--good-soft)"
        />
        <path d="M46 341v-8h30v8" fill="var(--raised)" />
      </g>
    </svg>
  );
}
