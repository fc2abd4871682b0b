import { ethers } from "./chain.ts";

/** keccak256(seed ‖ group) as numbers of 32 bytes. */
function chancesOf(seed: bigint): (group: number) => bigint {
  const words = ethers.getBytes(ethers.toBeHex(seed, 64).replace(/^0x(.{64})(.{64})$/, "0x$2$1"));
  return (group) => {
    words[63] = group;
    return BigInt(ethers.keccak256(words));
  };
}

/** The parts of a sum by position, written anew from the description of LuckySplit. */
export function parts(total: bigint, shares: number, seed: bigint): bigint[] {
  const chance = chancesOf(seed);
  const mean = total / BigInt(shares);
  const most = 2n * mean - 1n;
  const cut: bigint[] = [];
  const pairs = shares % 2 === 0 ? shares / 2 : (shares - 3) / 2;
  for (let group = 0; group < pairs; group++) {
    const first = 1n + (chance(group) % most);
    cut.push(first, 2n * mean - first);
  }
  if (shares === 1) cut.push(mean);
  if (cut.length < shares) {
    const first = 1n + (chance(pairs) % most);
    const rest = 3n * mean - first;
    const low = rest > most ? rest - most : 1n;
    const high = rest - 1n < most ? rest - 1n : most;
    const second = low + (chance(pairs + 1) % (high - low + 1n));
    cut.push(first, second, rest - second);
  }
  const extra = Number(total % BigInt(shares));
  return cut.map((amount, position) => (position < extra ? amount + 1n : amount));
}

/** Takes one of the positions still there out of `free` (ascending). */
export function pick(free: number[], random: bigint): number {
  const [position] = free.splice(Number(random % BigInt(free.length)), 1);
  return position;
}

/** Numbers of 128 bits, uniform and the same in every run (splitmix64, Steele et al. 2014). */
export function chances(seed: bigint): () => bigint {
  let state = seed;
  const next = () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
  return () => (next() << 64n) | next();
}
