// Scenarios that belong together, as those of one customer: a level above the scenario at which they are not independent. Pure.
import { exactMean, exactSum } from './sums.ts';

/**
 * One number a cluster, with the mean of all values and, as their Student's interval, the cluster-robust one: the residuals of
 * a cluster are summed, so that each scenario weighs the same however many its cluster has. E. Miller ("Adding Error Bars to
 * Evals", arXiv:2411.00640, 2024, section 2.2) with the correction for few clusters, G / (G - 1) and Student's t with G - 1
 * degrees (C. Cameron and D. Miller, "A Practitioner's Guide to Cluster-Robust Inference", Journal of Human Resources 50, 2015).
 */
export function clusterUnits(values: readonly number[], clusters: readonly string[]): readonly number[] {
  const mean = exactMean(values);
  const residuals = grouped(
    values.map((value) => value - mean),
    clusters,
  );
  return residuals.map((of) => mean + (residuals.length / values.length) * exactSum(of));
}

/** What a flip turns where clusters are the units: all of its scenarios together. */
export function clusterSums(values: readonly number[], clusters: readonly string[]): readonly number[] {
  return grouped(values, clusters).map(exactSum);
}

function grouped(values: readonly number[], clusters: readonly string[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  values.forEach((value, i) => {
    const known = groups.get(clusters[i]!);
    if (known) known.push(value);
    else groups.set(clusters[i]!, [value]);
  });
  return [...groups.values()];
}
