// Texts of the command line -> settings of a simulation that is served alone.
import type { SimSettings } from '../../core/manifest.ts';
import { CommandError } from '../open/command-error.ts';

/** As they were written; what is left out is undefined. */
export type SimTexts = { readonly [name in SimNumber]?: string | undefined } & {
  readonly limitHeaders: boolean;
  /** `seconds`, a number of them, or whether anything is said; left out = to the millisecond. */
  readonly retryAfter?: boolean | string;
  readonly window?: string;
  readonly driftModel?: string;
};

type Limits = { readonly min?: number; readonly max: number; readonly isWhole?: boolean };

/** Bytes, tokens, requests: as much as the manifest takes. */
const MAX_COUNT = 1_000_000_000;
const COUNT: Limits = { min: 1, max: MAX_COUNT, isWhole: true };
const SHARE: Limits = { max: 1 };
const LATENCY: Limits = { max: 600_000 };
const WEEK: Limits = { max: 604_800_000 };
const REQUESTS: Limits = { max: MAX_COUNT, isWhole: true };

/** In the order in which they are read: the first mistake is the one that is told. */
const NUMBERS = {
  latency: LATENCY,
  spread: { max: 3 },
  rate: { max: 1e6 },
  burst: COUNT,
  tokensPerMinute: COUNT,
  tokenBurst: COUNT,
  maxInFlight: COUNT,
  errors: SHARE,
  drops: SHARE,
  hangs: SHARE,
  halfJson: SHARE,
  drips: SHARE,
  dripMs: { min: 1, max: 600_000 },
  invalidUtf8: SHARE,
  huge: SHARE,
  hugeBytes: COUNT,
  answerBytes: COUNT,
  driftAfter: REQUESTS,
  driftLatency: LATENCY,
  driftRate: { min: 1e-6, max: 1e6 },
  driftBurst: COUNT,
  windowSeconds: { min: 0.001, max: 86_400 },
  outageAfter: REQUESTS,
  outageMs: { max: 86_400_000 },
  outageStatus: { min: 400, max: 599, isWhole: true },
  batchMs: WEEK,
  batchWindowMs: WEEK,
  seed: { max: 2 ** 31 - 1 },
} satisfies { readonly [name: string]: Limits };

type SimNumber = keyof typeof NUMBERS;

/** @throws CommandError on what is no number, or one outside of its limits */
export function readSimSettings(texts: SimTexts): SimSettings {
  const { driftAfter, driftModel = null, limitHeaders } = texts;
  const drifting = [texts.driftLatency, texts.driftRate, texts.driftBurst, driftModel ?? undefined];
  if (driftAfter === undefined && drifting.some((text) => text !== undefined))
    throw new CommandError(
      '--drift-latency, --drift-model, --drift-rate and --drift-burst need --drift-after',
    );
  if (texts.window !== undefined && texts.rate === undefined) throw new CommandError('--window needs --rate');
  // How long an outage takes is asked only where there is one.
  const isRead = (name: SimNumber): boolean => texts.outageAfter !== undefined || !/^outage/.test(name);
  const names = (Object.keys(NUMBERS) as SimNumber[]).filter(isRead);
  const read = new Map(names.map((name) => [name, numberOf(name, texts[name])]));
  const number = (name: SimNumber): number | null => read.get(name) ?? null;
  const [drifts, fails] = [number('driftAfter'), number('outageAfter')];
  return {
    latencyMs: number('latency')!,
    latencySpread: number('spread')!,
    ratePerSecond: number('rate'),
    burst: number('burst'),
    tokensPerMinute: number('tokensPerMinute'),
    tokenBurst: number('tokenBurst'),
    maxInFlight: number('maxInFlight'),
    ...windowOf(texts.window, number('windowSeconds')),
    limitHeaders,
    retryAfter: retryAfterOf(texts.retryAfter ?? true),
    errorRate: number('errors')!,
    dropRate: number('drops')!,
    hangRate: number('hangs')!,
    halfJsonRate: number('halfJson')!,
    dripRate: number('drips')!,
    dripMs: number('dripMs')!,
    invalidUtf8Rate: number('invalidUtf8')!,
    hugeRate: number('huge')!,
    hugeBytes: number('hugeBytes')!,
    answerBytes: number('answerBytes'),
    drift:
      drifts === null
        ? null
        : {
            after: drifts,
            latencyMs: number('driftLatency'),
            servedModel: driftModel,
            ...(number('driftRate') === null ? {} : { ratePerSecond: number('driftRate')! }),
            ...(number('driftBurst') === null ? {} : { burst: number('driftBurst')! }),
          },
    outage:
      fails === null ? null : { after: fails, forMs: number('outageMs')!, status: number('outageStatus')! },
    ...(number('batchMs') === null ? {} : { batchMs: number('batchMs')! }),
    ...(number('batchWindowMs') === null ? {} : { batchWindowMs: number('batchWindowMs')! }),
    seed: number('seed')!,
  };
}

/** @param flag as it was written: `--port` */
export function readNumber(flag: string, text: string, { min = 0, max, isWhole = false }: Limits): number {
  const value = Number(text);
  const isFit = value >= min && value <= max && (!isWhole || Number.isInteger(value));
  if (text.trim() !== '' && isFit) return value;
  const what = isWhole ? 'a whole number' : 'a number';
  throw new CommandError(`${flag} ${JSON.stringify(text)}: ${what} from ${min} to ${max} is needed`);
}

function retryAfterOf(said: boolean | string): SimSettings['retryAfter'] {
  if (typeof said === 'boolean' || said === 'seconds') return said;
  if (said === 'exact') return true;
  if (/^\d+$/.test(said)) return readNumber('--retry-after', said, { max: 86_400, isWhole: true });
  throw new CommandError(
    `--retry-after ${JSON.stringify(said)}: exact, seconds (rounded up) or a number of seconds is needed`,
  );
}

function windowOf(kind: string | undefined, seconds: number | null): Pick<SimSettings, 'window'> {
  if (kind === undefined) return {};
  if (kind !== 'fixed' && kind !== 'sliding')
    throw new CommandError(`--window ${JSON.stringify(kind)}: fixed or sliding is needed`);
  return { window: { kind, seconds: seconds ?? 60 } };
}

function numberOf(name: SimNumber, text: string | undefined): number | null {
  if (text === undefined) return null;
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return readNumber(`--${flag}`, text, NUMBERS[name]);
}
