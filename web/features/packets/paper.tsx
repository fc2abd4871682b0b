import { cx } from "../../ui/cx.ts";

/** The flap of the envelope, folded down. */
export function Flap({ className }: { className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 256 68"
      preserveAspectRatio="none"
      className={cx("block w-full text-packet-deep", className)}
    >
      <path d="M0 0h256v30C196 60 60 60 0 30Z" fill="currentColor" />
      <path d="M0 30c60 30 196 30 256 0" fill="none" stroke="var(--gold)" strokeOpacity="0.55" strokeWidth="1.5" />
    </svg>
  );
}

/** The front of the envelope, a little above the edge of the flap; what comes out of it stays behind it. */
export function Pocket({ className }: { className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 256 68"
      preserveAspectRatio="none"
      className={cx("block w-full text-packet", className)}
    >
      <path d="M0 22C60 52 196 52 256 22V68.500H0Z" fill="currentColor" />
    </svg>
  );
}

interface SealProps {
  size: number;
  /** A share is being drawn. */
  turning?: boolean;
}

/** A gold seal with our own sign: a door ajar, like the mark of the app. */
export function Seal({ size, turning = false }: SealProps) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 48 48"
      width={size}
      height={size}
      className={cx("block", turning && "anim-seal")}
    >
      <circle cx="24" cy="24" r="23" fill="var(--gold)" />
      <circle cx="24" cy="24" r="19" fill="none" stroke="var(--on-gold)" strokeOpacity="0.35" />
      <path d="M16 35V22a8 8 0 0 1 16 0v13Z" fill="var(--on-gold)" />
      <path d="M16 35V22c0-4 2.6-7.2 6.3-7.900L27 17.800V37l-11-2Z" fill="var(--gold)" stroke="var(--on-gold)" />
      <circle cx="23.5" cy="27" r="1.3" fill="var(--on-gold)" />
    </svg>
  );
}
