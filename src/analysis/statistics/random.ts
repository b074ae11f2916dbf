// Chance that can be repeated: one seed, one sequence, on every machine. xoshiro128** by D. Blackman and S. Vigna (2018),
// seeded by splitmix32.
export type Random = {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Uniform in 0..n-1. */
  below(n: number): number;
  /** 32 coins. */
  bits(): number;
};

export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const word = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  const s = new Uint32Array([word(), word(), word(), word()]);
  const next = (): number => {
    const five = Math.imul(s[1]!, 5) >>> 0;
    const result = Math.imul(((five << 7) | (five >>> 25)) >>> 0, 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  };
  return { uniform: () => next() / 2 ** 32, below: (n) => Math.floor((next() / 2 ** 32) * n), bits: next };
}
