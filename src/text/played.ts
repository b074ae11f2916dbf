// What is said wherever numbers are a simulation's. Pure.
import { formatAmount } from './format.ts';

/** `SIMULATION: 12 records were played by the built-in simulation; they are no model's.` */
export function playedSentence(count: number, noun: string): string {
  const [were, are] = count === 1 ? ['was', 'it is'] : ['were', 'they are'];
  return `SIMULATION: ${formatAmount(count, noun)} ${were} played by the built-in simulation; ${are} no model’s.`;
}
