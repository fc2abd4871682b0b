/** A folded envelope with its seal, in the line of the other icons. */
export function PacketIcon({ className }: { className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={className}
    >
      <rect x="5" y="2.5" width="14" height="19" rx="2.5" />
      <path d="M5 7.500c4.5 4 9.5 4 14 0" />
      <circle cx="12" cy="11.5" r="2.2" />
    </svg>
  );
}
