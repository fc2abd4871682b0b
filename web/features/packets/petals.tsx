/** Where each falls, how late, and how far it turns: the same every time, and nothing of chance. */
const petals = Array.from({ length: 16 }, (_, index) => ({
  left: 4 + ((index * 37) % 92),
  delay: (index * 83) % 700,
  turn: 120 + ((index * 71) % 300),
  size: 7 + ((index * 5) % 6),
}));

/** Gold paper that falls once when a packet opens. */
export function Petals() {
  return (
    <div aria-hidden className="pointer-events-none absolute -inset-x-8 -top-10 z-10 h-full">
      {petals.map(({ left, delay, turn, size }) => (
        <span
          key={left}
          className="anim-petal absolute top-0 rounded-[40%_60%_55%_45%] bg-gold"
          style={{
            left: `${left}%`,
            width: size,
            height: size * 1.4,
            animationDelay: `${delay}ms`,
            rotate: `${turn}deg`,
          }}
        />
      ))}
    </div>
  );
}
