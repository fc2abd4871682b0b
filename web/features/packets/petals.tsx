import type { CSSProperties } from "react";

/** How far each is thrown, how late, and how large it is: the same every time, and nothing of chance. */
const petals = Array.from({ length: 22 }, (_, index) => ({
  x: -150 + ((index * 83) % 301),
  y: -70 - ((index * 59) % 190),
  delay: 430 + ((index * 37) % 190),
  turn: (index * 71) % 360,
  size: 6 + ((index * 5) % 7),
  pale: index % 3 === 0,
}));

/** Gold paper, thrown out of a packet that opens; it falls once. */
export function Petals() {
  return (
    <div aria-hidden className="pointer-events-none absolute inset-x-0 top-36 z-30 flex justify-center">
      {petals.map(({ x, y, delay, turn, size, pale }) => (
        <span
          key={x}
          className={`anim-petal absolute rounded-[40%_60%_55%_45%] ${pale ? "bg-on-packet" : "bg-gold"}`}
          style={
            {
              "--x": `${x}px`,
              "--y": `${y}px`,
              width: size,
              height: size * 1.5,
              animationDelay: `${delay}ms`,
              rotate: `${turn}deg`,
            } as CSSProperties
          }
        />
      ))}
    </div>
  );
}
