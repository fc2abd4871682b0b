/** An envelope that leans on another one, its flap open: in the line of the other drawings. */
export function EnvelopeDrawing() {
  return (
    <svg
      aria-hidden="true"
      width="160"
      height="110"
      viewBox="0 0 160 110"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M22 98h116" opacity="0.5" />
      <path d="m86 96 9-66a4 4 0 0 1 4.600-3.400l30 4.200a4 4 0 0 1 3.400 4.600L124.500 96" opacity="0.7" />
      <path d="M94.500 40c11 8 22 9.500 35.500 5" opacity="0.7" />
      <rect x="46" y="26" width="46" height="72" rx="5" fill="var(--packet-soft)" stroke="var(--packet-ink)" />
      <path d="M46 42c15 13 31 13 46 0" stroke="var(--packet-ink)" />
      <circle cx="69" cy="52" r="6" fill="var(--float)" stroke="var(--packet-ink)" />
      <path d="M36 70c-3-1-5-3-6-6 3 1 5 3 6 6Zm0 0c0-4 2-7 5-9" opacity="0.7" />
      <path d="M36 98V70" opacity="0.7" />
    </svg>
  );
}
