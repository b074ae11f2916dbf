// Labels as numbers.
import type { ReviewProtocol } from '../core/review.ts';

/** A label's value from 0 (the worst) to 1 (the best). @throws RangeError on a label that the protocol does not have */
export function scoreOfLabel({ labels }: Pick<ReviewProtocol, 'labels'>, name: string): number {
  const label = labels.find((one) => one.name === name);
  if (label === undefined) throw new RangeError(`there is no label ${JSON.stringify(name)}`);
  const values = labels.map(({ value }) => value);
  const low = Math.min(...values);
  return (label.value - low) / (Math.max(...values) - low);
}
