// `use`, `command`, `pytest` and `mcp`: who does a variant's work, and what that consists of.
import path from 'node:path';
import { isOurs, USUAL } from '../../answers/names.ts';
import type {
  CommandHarness,
  Harness,
  McpServer,
  ModuleHarness,
  ProcessEnv,
  PytestHarness,
} from '../../core/harness.ts';
import { nearest } from '../../core/nearest.ts';
import type { ProxySettings } from '../../core/proxy.ts';
import { type CodeReader, makeCodeReader } from '../code/code.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';
import { readDuration } from './execution.ts';
import { KINDS, kindOf, OF_COMMANDS, OF_PROCESSES, type RawVariant } from './kind.ts';
import { warnOfProgram } from './program-there.ts';
import { findSetting } from './settings.ts';
import type { ResolvedVariant } from './variants.ts';

export async function readHarnesses(
  reading: Reading,
  resolved: readonly ResolvedVariant[],
): Promise<readonly ResolvedVariant[]> {
  const code = makeCodeReader(reading);
  const known = new Map<string, { readonly harness: Harness | null; readonly mcp: McpServer | null }>();
  const all: ResolvedVariant[] = [];
  for (const one of resolved) {
    const key = String(one.path[1]);
    let found = known.get(key);
    if (!found) {
      found = {
        harness: await readHarness({ reading, key, code }),
        mcp: await readMcp({ reading, key, code }),
      };
      known.set(key, found);
    }
    all.push({ ...one, variant: { ...one.variant, ...found } });
  }
  return all;
}

type At = { readonly reading: Reading; readonly key: string; readonly code: CodeReader };

async function readHarness(input: At): Promise<Harness | null> {
  const { reading, key, code } = input;
  const raw: RawVariant = reading.raw.variants?.[key] ?? {};
  const own = ['variants', key];
  const kinds = KINDS.filter((kind) => raw[kind] !== undefined);
  if (kinds.length > 1) {
    const message = `the variant ${JSON.stringify(key)} has ${kinds.map((kind) => `"${kind}"`).join(' and ')}: one of them can do the work`;
    say(reading, { path: [...own, kinds[1]!], part: 'key', code: 'two-kinds', message });
    return null;
  }
  const kind = kindOf(reading, key);
  checkStray({ reading, own, raw, kind });
  switch (kind) {
    case 'use':
      return { ...(await readModule({ ...raw, use: raw.use! }, { path: own, code })), ...proxyOf(raw) };
    case 'command':
      warnOfProgram(reading, { argv: raw.command!, set: envOf(raw).set, path: [...own, 'command', 0] });
      return {
        ...(await readCommand({ ...raw, command: raw.command! }, { path: own, code })),
        ...proxyOf(raw),
      };
    case 'pytest':
      return readPytest(input);
    default:
      return null;
  }
}

/** Of a variant or a scorer, at its path. */
type Of = { readonly path: JsonPath; readonly code: CodeReader };

export async function readModule(
  { use: file, in_flight: inFlight = 1 }: Pick<RawVariant, 'in_flight'> & { readonly use: string },
  input: Of,
): Promise<ModuleHarness> {
  const code = await input.code.module(file, [...input.path, 'use']);
  const shares = inFlight === 1 ? {} : { inFlight };
  return { kind: 'module', file: path.posix.normalize(file), ...shares, code };
}

type RawCommand = Pick<
  RawVariant,
  'protocol' | 'env' | 'pass_env' | 'env_file' | 'processes' | 'in_flight'
> & {
  readonly command: readonly string[];
};

export async function readCommand(raw: RawCommand, input: Of): Promise<CommandHarness> {
  return {
    kind: 'command',
    argv: raw.command,
    protocol: raw.protocol ?? 'once',
    env: envOf(raw),
    processes: raw.processes ?? DEFAULT_PROCESSES,
    inFlight: raw.in_flight ?? 1,
    code: await input.code.command({ argv: raw.command, env: envOf(raw) }),
  };
}

/** A process of the user's may be heavy, and the machine is theirs: few, until they say more. */
const DEFAULT_PROCESSES = 8;
const DEFAULT_BATCH = 500;
/** Traces and results of a whole session are sent and written then. */
const DEFAULT_END_MS = 60_000;

async function readPytest({ reading, key, code }: At): Promise<PytestHarness | null> {
  const setting = findSetting(reading, { arm: { key, picks: {} }, name: 'pytest' });
  if (setting.kind !== 'given') return null;
  const raw = setting.value as NonNullable<RawVariant['pytest']>;
  const paths = typeof raw.path === 'string' ? [raw.path] : raw.path;
  const python = raw.python ?? 'python3';
  const source = variantsFrom(raw.variants_from ?? 'param');
  const variant = pytestName(reading, key);
  const at: JsonPath = [...setting.path, 'path'];
  const of = { paths, python, args: raw.args ?? [], env: envOf(raw) };
  const found = await code.pytest(of, at);
  checkFields(reading, { collect: raw.collect, path: setting.path });
  return {
    kind: 'pytest',
    paths,
    python,
    args: raw.args ?? [],
    variantsFrom: source,
    variant,
    scenarioParam: raw.scenario_param ?? null,
    runsFrom: raw.runs_from?.param ?? null,
    hasOwnRuns: findSetting(reading, { arm: { key, picks: {} }, name: 'runs' }).kind !== 'given',
    collect: collectOf(raw.collect),
    empty: raw.empty ?? 'failed',
    batch: raw.batch ?? DEFAULT_BATCH,
    ...proxyOf(raw),
    endTimeoutMs: endTimeoutOf(reading, raw.end_timeout, setting.path),
    env: envOf(raw),
    code: found,
    survey: null,
    reach: await code.reach({ ...of, code: found, source, variant, variants: pytestNames(reading) }),
  };
}

function pytestName({ raw }: Reading, key: string): string {
  return raw.variants?.[key]?.pytest_variant ?? key;
}

/** What the harness calls each of its variants that the manifest knows. */
function pytestNames(reading: Reading): readonly string[] {
  const keys = Object.keys(reading.raw.variants ?? {}).filter((key) => kindOf(reading, key) === 'pytest');
  return [...new Set(keys.map((key) => pytestName(reading, key)))].sort();
}

function endTimeoutOf(reading: Reading, written: string | number | undefined, at: JsonPath): number {
  if (written === undefined) return DEFAULT_END_MS;
  return readDuration(reading, { written, path: [...at, 'end_timeout'] }) ?? DEFAULT_END_MS;
}

/** A name of ours that is none would map nothing, and nobody would hear of it. */
function checkFields(
  reading: Reading,
  {
    collect,
    path: at,
  }: { readonly collect: NonNullable<RawVariant['pytest']>['collect']; readonly path: JsonPath },
): void {
  const fields = typeof collect === 'object' ? (collect.fields ?? {}) : {};
  for (const name of Object.keys(fields)) {
    if (isOurs(name)) continue;
    const guess = nearest(name, Object.keys(USUAL));
    const hint = guess ? `did you mean ${guess}?` : `ours are ${Object.keys(USUAL).join(', ')}`;
    const message = `${JSON.stringify(name)} is nothing that is read of a line: fields are written "ours: theirs"`;
    say(reading, {
      path: [...at, 'collect', 'fields', name],
      part: 'key',
      code: 'unknown-field',
      message,
      hint,
    });
  }
}

function collectOf(raw: NonNullable<RawVariant['pytest']>['collect']): PytestHarness['collect'] {
  if (raw === undefined) return null;
  if (typeof raw === 'string') return { files: raw, fields: {}, runsFrom: null };
  return { files: raw.files, fields: raw.fields ?? {}, runsFrom: raw.runs_from ?? null };
}

function variantsFrom(
  written: NonNullable<NonNullable<RawVariant['pytest']>['variants_from']>,
): PytestHarness['variantsFrom'] {
  if (typeof written === 'string') {
    return { kind: written, name: written === 'env' ? 'VARIANT' : 'variant' };
  }
  for (const kind of ['param', 'marker', 'env'] as const) {
    const name = written[kind];
    if (name !== undefined) return { kind, name };
  }
  return { kind: 'param', name: 'variant' };
}

async function readMcp({ reading, key, code }: At): Promise<McpServer | null> {
  const setting = findSetting(reading, { arm: { key, picks: {} }, name: 'mcp' });
  if (setting.kind !== 'given') return null;
  const raw = setting.value as NonNullable<RawVariant['mcp']>;
  if ((raw.command === undefined) === (raw.url === undefined)) {
    const message = 'an MCP server is reached by "command" or by "url": exactly one of them';
    say(reading, { path: setting.path, part: 'key', code: 'wrong-value', message });
    return null;
  }
  return {
    command: raw.command ?? null,
    url: raw.url ?? null,
    env: envOf(raw),
    only: raw.tools ?? null,
    code:
      raw.command === undefined
        ? { files: [], packages: [] }
        : await code.command({ argv: raw.command, env: envOf(raw) }),
    seen: null,
  };
}

function proxyOf({ proxy = false }: Pick<RawVariant, 'proxy'>): { readonly proxy?: ProxySettings } {
  if (proxy === false) return {};
  return { proxy: { replay: proxy === true ? false : (proxy.replay ?? false) } };
}

export function envOf(raw: {
  readonly env?: { readonly [name: string]: string };
  readonly pass_env?: readonly string[];
  readonly env_file?: string;
}): ProcessEnv {
  const { env, pass_env: pass = [], env_file: file } = raw;
  return { set: { ...env }, pass: [...pass], ...(file === undefined ? {} : { file }) };
}

/** A setting that nobody reads is a wish that nobody grants: it is said. */
function checkStray(input: {
  readonly reading: Reading;
  readonly own: JsonPath;
  readonly raw: RawVariant;
  readonly kind: (typeof KINDS)[number] | null;
}): void {
  const { reading, own, raw, kind } = input;
  const stray = (name: string, what: string, hint: string | null = null) =>
    say(reading, {
      path: [...own, name],
      part: 'key',
      code: 'wrong-value',
      message: `${JSON.stringify(name)} is for ${what}`,
      hint,
    });
  for (const name of OF_COMMANDS) {
    if (raw[name] === undefined || kind === 'command') continue;
    if (name !== 'in_flight') stray(name, 'variants with "command"');
    else if (kind !== 'use') stray(name, 'variants with "use" or "command"');
  }
  for (const name of OF_PROCESSES) {
    if (raw[name] === undefined || kind === 'command') continue;
    const hint = kind === 'pytest' ? 'write it inside "pytest:"' : null;
    stray(name, 'programs: variants with "command"', hint);
  }
  if (raw.proxy !== undefined && kind !== 'command' && kind !== 'use') {
    const hint = kind === 'pytest' ? 'write it inside "pytest:"' : null;
    stray('proxy', 'variants with "use" or "command", and for "pytest:"', hint);
  }
  if (raw.in_flight !== undefined && kind === 'command' && raw.protocol !== 'stream') {
    stray('in_flight', 'protocol: stream');
  }
  if (raw.pytest_variant !== undefined && kind !== 'pytest') stray('pytest_variant', 'variants of pytest');
}

/** Variables that are passed to every process anyway, or that hold no secret: their values are not hidden in results. */
const OPEN_NAMES =
  /^(?:PATH|HOME|USER|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TERM|PWD|TMPDIR|TEMP|TMP|PYTHON\w*|VIRTUAL_ENV|CONDA_\w*|NODE_\w*|CI|DEBUG|LOG_LEVEL|MODEL\w*|\w*_(?:URL|HOST|PORT|ENDPOINT|API_BASE|API_VERSION|MODEL|MODEL_NAME|MODEL_ID|REGION|LOCATION|PROJECT|PROFILE|EXPERIMENT|TEST_SUITE))$/i;

/** Whether a variable's name says that its value is no secret. */
export function isOpenName(name: string): boolean {
  return OPEN_NAMES.test(name);
}

/** What is handed to processes by name is taken for a secret, unless its name says that it is none. */
export function passedSecrets(
  variants: readonly { readonly harness: Harness | null; readonly mcp: McpServer | null }[],
  env: { readonly [name: string]: string | undefined },
): readonly { readonly name: string; readonly value: string }[] {
  const names = new Set(
    variants.flatMap(({ harness, mcp }) => [
      ...(harness && harness.kind !== 'module' ? harness.env.pass : []),
      ...(mcp?.env.pass ?? []),
    ]),
  );
  return [...names].flatMap((name) => {
    const value = env[name];
    return value === undefined || isOpenName(name) ? [] : [{ name, value }];
  });
}
