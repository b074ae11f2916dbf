// Problems of an expectation, put where they stand and into words: places, "did you mean", schemas that do not compile.
import type { Location } from '../../core/diagnostic.ts';
import type { JsonObject } from '../../core/json.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { Path, Problem } from '../../scoring/expectations/expectation.ts';
import type { Finding, Findings } from '../errors/findings.ts';
import type { Target } from '../errors/place.ts';

export type Place = {
  readonly findings: Findings;
  readonly file: string;
  /** Of paths that start at the expectation. */
  readonly locate: (target: Target) => Location;
  readonly schemas: SeenSchema[];
};

export type SeenSchema = Omit<Place, 'schemas'> & { readonly schema: JsonObject; readonly path: Path };

/** For the readers of expectations: what they tell becomes a finding. */
export function expectationPlace(place: Place): {
  readonly path: Path;
  readonly tell: (problem: Problem) => void;
  readonly sawSchema: (schema: JsonObject, path: Path) => void;
} {
  const { findings, file, locate, schemas } = place;
  return {
    path: [],
    tell: (problem) => findings.add(file, () => toFinding(problem, locate), alikeOf(problem)),
    sawSchema: (schema, path) => void schemas.push({ findings, file, locate, schema, path }),
  };
}

function toFinding(problem: Problem, locate: Place['locate']): Finding {
  const { path, part, severity, code, message, guess } = problem;
  const meant = guess && didYouMean(guess.name, guess.known);
  return { severity, code, message, hint: meant ?? problem.hint, location: locate({ path, part }) };
}

/** The library that compiles schemas is loaded only where there is one. */
export async function checkSchemas(schemas: readonly SeenSchema[]): Promise<void> {
  if (schemas.length === 0) return;
  const { compileSchema } = await import('../../scoring/rules/json-schema.ts');
  for (const { schema, path, findings, file, locate } of schemas) {
    const compiled = compileSchema(schema);
    if (compiled.kind === 'ok') continue;
    findings.add(file, () => ({
      ...{ code: 'bad-schema', message: `this is no JSON Schema: ${compiled.error}` },
      location: locate({ path, part: 'value' }),
    }));
  }
}

/** The same said of another scenario: items of lists apart, the place is the same. */
function alikeOf({ code, message, path }: Problem): string {
  return JSON.stringify([code, message, path.filter((step) => typeof step === 'string')]);
}
