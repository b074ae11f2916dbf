// The requests that packages are asked to build: one a variant, one a judge, and one for each list of tools that scenarios bring.
// Stand-ins are in the place of texts, which count as they are written.
import { STAND_IN, toolsDigest } from '../../core/frame.ts';
import type { Manifest, Provider, Tool, Variant } from '../../core/manifest.ts';
import type { ModelRequest } from '../../core/order.ts';
import type { JudgeScorer } from '../../core/scoring.ts';
import { judgeRequest } from '../../scoring/judges/judge-request.ts';
import { offeredTools } from '../../variants/rendered.ts';

export type Asking = {
  readonly provider: Provider;
  readonly request: ModelRequest;
  /** Whose it is: for the places of mistakes. */
  readonly of:
    | { readonly kind: 'variant'; readonly variant: Variant }
    | { readonly kind: 'judge'; readonly scorer: JudgeScorer };
};

/** Each once for each variant and judge; equal requests of two are asked for twice. */
export function framesAsked({ variants, scorers, providers, scenarios }: Manifest): readonly Asking[] {
  const sets = toolSets({ scenarios });
  return [
    ...variants.flatMap((variant): readonly Asking[] => {
      const provider = providers[variant.provider];
      // What a server offers is not known before it was asked, and is a part of the request.
      if (provider?.sdk === undefined || variant.harness !== null || variant.mcp?.seen === null) return [];
      const of = { kind: 'variant', variant } as const;
      return [variant, ...sets.map((tools) => ({ ...variant, tools }))].map((met) => ({
        provider,
        of,
        request: requestOfVariant(met),
      }));
    }),
    ...scorers.flatMap((scorer): readonly Asking[] => {
      const provider = scorer.kind === 'judge' ? providers[scorer.provider] : undefined;
      if (scorer.kind !== 'judge' || provider?.sdk === undefined) return [];
      return [{ provider, of: { kind: 'judge', scorer }, request: requestOfJudge(scorer) }];
    }),
  ];
}

/** The lists of tools that scenarios bring, each once. */
export function toolSets({ scenarios }: Pick<Manifest, 'scenarios'>): readonly (readonly Tool[])[] {
  const sets = new Map(scenarios.flatMap(({ tools }) => (tools ? [[toolsDigest(tools), tools]] : [])));
  return [...sets.values()];
}

export function requestOfVariant(variant: Variant): ModelRequest {
  const { model, temperature, maxOutputTokens, seed, params, responseFormat } = variant;
  return {
    ...{
      model,
      messages: messagesOf(variant),
      tools: offeredTools(variant).map(({ result: _, ...tool }) => tool),
    },
    ...{ temperature, maxOutputTokens, seed, params },
    ...(responseFormat === undefined ? {} : { responseFormat }),
  };
}

/** Of its votes the first. */
export function requestOfJudge(scorer: JudgeScorer): ModelRequest {
  return judgeRequest(scorer, { messages: messagesOf(scorer), vote: 1, wire: 'package' });
}

function messagesOf({ system }: { readonly system: string | null }): ModelRequest['messages'] {
  return [
    ...(system === null ? [] : [{ role: 'system' as const, content: STAND_IN.system }]),
    { role: 'user', content: STAND_IN.input },
  ];
}
