// Where resampling and permutations start from: the same question gets the same answer.
export const SEED = 1;
