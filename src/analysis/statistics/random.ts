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
  const seeds = Int32Array.of(word(), word(), word(), word());
  const words = new Uint32Array(BLOCK);
  let at = BLOCK;
  const next = (): number => {
    if (at === BLOCK) {
      fill(seeds, words);
      at = 0;
    }
    return words[at++]!;
  };
  return { uniform: () => next() / 2 ** 32, below: (n) => Math.floor((next() / 2 ** 32) * n), bits: next };
}

/** Words made at a time: the state is in registers meanwhile. */
const BLOCK = 256;

function fill(state: Int32Array, words: Uint32Array): void {
  let [a, b, c, d] = [state[0]!, state[1]!, state[2]!, state[3]!];
  for (let i = 0; i < words.length; i++) {
    const five = Math.imul(b, 5);
    words[i] = Math.imul((five << 7) | (five >>> 25), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
  }
  state.set([a, b, c, d]);
}
