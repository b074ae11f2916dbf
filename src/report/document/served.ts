// Which models said that they answered an arm. Pure.
import { hasAnswer, type ScenarioFacts } from './facts.ts';

export function servedModels(
  scenarios: readonly ScenarioFacts[],
  variant: string,
): readonly { readonly model: string | null; readonly answers: number }[] {
  const counts = new Map<string | null, number>();
  for (const { arms } of scenarios) {
    for (const arm of arms) {
      if (arm.variant !== variant) continue;
      for (const draw of arm.runs) {
        if (hasAnswer(draw)) counts.set(draw.servedModel, (counts.get(draw.servedModel) ?? 0) + 1);
      }
    }
  }
  return [...counts]
    .map(([model, answers]) => ({ model, answers }))
    .sort((a, b) => b.answers - a.answers || ((a.model ?? '') < (b.model ?? '') ? -1 : 1));
}
