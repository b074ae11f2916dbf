// Loads a module of own code and looks whether it is one. The one import of a path that is known only at run time: it
// stands in the manifest, and lies within its folder.
import { pathToFileURL } from 'node:url';
import type { ScorerDefinition } from '../../api/scorer.ts';
import type { VariantDefinition } from '../../api/variant.ts';
import type { Failure } from '../../core/outcome.ts';
import { err, ok, type Result } from '../../core/result.ts';

/** @param file absolute @param shown as the manifest says it */
export async function loadDefinition(
  file: string,
  shown: string,
): Promise<Result<VariantDefinition, Failure>> {
  const module = await loadModule(file, shown);
  if (module.kind === 'err') return module;
  const refuse = (what: string): Result<never, Failure> => err(refusal(shown, what));
  const definition = module.value as Partial<VariantDefinition> | undefined;
  const tools = definition?.tools;
  if (typeof definition?.run !== 'function' && !Array.isArray(tools)) {
    return refuse('has no default export by defineVariant({ run }) or defineVariant({ tools })');
  }
  for (const tool of Array.isArray(tools) ? tools : []) {
    if (typeof tool?.name !== 'string' || !/^[A-Za-z0-9_.-]{1,128}$/.test(tool.name)) {
      return refuse('has a tool whose name is not letters, digits, "_", "." or "-" (128 at most)');
    }
  }
  return ok(definition as VariantDefinition);
}

/** The same for a scorer. */
export async function loadScorer(file: string, shown: string): Promise<Result<ScorerDefinition, Failure>> {
  const module = await loadModule(file, shown);
  if (module.kind === 'err') return module;
  const definition = module.value as Partial<ScorerDefinition> | undefined;
  if (typeof definition?.score === 'function') return ok(definition as ScorerDefinition);
  return err(refusal(shown, 'has no default export by defineScorer({ score })'));
}

/** What each exports by default: asking Node again takes it a tenth of a millisecond. */
const loaded = new Map<string, unknown>();

/** Whether nothing has to be loaded for it any more. @param file absolute */
export function isLoaded(file: string): boolean {
  return loaded.has(file);
}

/** @returns the default export */
async function loadModule(file: string, shown: string): Promise<Result<unknown, Failure>> {
  if (loaded.has(file)) return ok(loaded.get(file));
  try {
    const module = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
    loaded.set(file, module.default);
    return ok(module.default);
  } catch (error) {
    // Of a syntax error the stack begins with the place, of any other with its name.
    const [first = ''] = (error instanceof Error ? (error.stack ?? '') : '').split('\n');
    const where = error instanceof SyntaxError ? ` (${first})` : '';
    const why = `${String(error)}${where}`.slice(0, 2_000).toWellFormed();
    return err(refusal(shown, `cannot be loaded: ${why}`));
  }
}

function refusal(shown: string, what: string): Failure {
  return { kind: 'code-failed', status: null, message: `${shown} ${what}`, retryAfterMs: null };
}
