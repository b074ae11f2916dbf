// Texts of the command line -> settings of a simulation that is served alone.
import type { SimSettings } from '../../core/manifest.ts';
import { CommandError } from '../open/command-error.ts';

/** As they were written; what is left out is undefined. */
export type SimTexts = { readonly [name in SimNumber]?: string | undefined } & {
  readonly limitHeaders: boolean;
  readonly retryAfter: boolean;
  readonly driftModel?: string;
};

type Limits = { readonly min?: number; readonly max: number; readonly isWhole?: boolean };

/** Bytes, tokens, requests: as much as the manifest takes. */
const MAX_COUNT = 1_000_000_000;
const COUNT: Limits = { min: 1, max: MAX_COUNT, isWhole: true };
const SHARE: Limits = { max: 1 };
const LATENCY: Limits = { max: 600_000 };
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
  outageAfter: REQUESTS,
  outageMs: { max: 86_400_000 },
  outageStatus: { min: 400, max: 599, isWhole: true },
  seed: { max: 2 ** 31 - 1 },
} satisfies { readonly [name: string]: Limits };

type SimNumber = keyof typeof NUMBERS;

/** @throws CommandError on what is no number, or one outside of its limits */
export function readSimSettings(texts: SimTexts): SimSettings {
  const { driftAfter, driftLatency, driftModel = null, limitHeaders, retryAfter } = texts;
  if (driftAfter === undefined && (driftLatency ?? driftModel ?? null) !== null)
    throw new CommandError('--drift-latency and --drift-model need --drift-after');
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
    limitHeaders,
    retryAfter,
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
      drifts === null ? null : { after: drifts, latencyMs: number('driftLatency'), servedModel: driftModel },
    outage:
      fails === null ? null : { after: fails, forMs: number('outageMs')!, status: number('outageStatus')! },
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

function numberOf(name: SimNumber, text: string | undefined): number | null {
  if (text === undefined) return null;
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return readNumber(`--${flag}`, text, NUMBERS[name]);
}
