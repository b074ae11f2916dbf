// What limits 1 M, 100 M and 10 G tasks: node bench/scale.ts prints the tables of docs/scale.md from bench/scale-inputs.json.
// `--measure` measures the inputs anew (minutes; bullmq and ioredis have to be there), `--write` puts the tables into the page.
import { readFileSync, writeFileSync } from 'node:fs';
import { formatCount } from '../src/text/format.ts';
import {
  type Flow,
  type InputName,
  type Inputs,
  mostTasks,
  SIZES,
  sharded,
  simulate,
  today,
} from './scale-model.ts';

const INPUTS = new URL('scale-inputs.json', import.meta.url);
const PAGE = new URL('../docs/scale.md', import.meta.url);
const WEEK_S = 7 * 24 * 3600;
/** Of one account: OpenAI's fifth tier, 30,000 a minute. */
const ACCOUNT_PER_S = 500;

async function main(words: readonly string[]): Promise<void> {
  if (words.includes('--measure')) {
    const { measureInputs } = await import('./scale-measure.ts');
    writeFileSync(INPUTS, `${JSON.stringify(await measureInputs(), null, 2)}\n`);
  }
  const inputs = readInputs();
  if (words.includes('--write')) writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), inputs));
  console.log(Object.values(tables(inputs)).join('\n'));
}

export function readInputs(): Inputs {
  return JSON.parse(readFileSync(INPUTS, 'utf8')) as Inputs;
}

/** The page with each table as it is now, between its marks. */
export function withTables(page: string, inputs: Inputs): string {
  let text = page;
  for (const [name, table] of Object.entries(tables(inputs))) {
    const block = new RegExp(`(<!-- scale:${name} -->\n)[^]*?(<!-- scale:end -->)`);
    if (!block.test(text)) throw new Error(`the page has no place for the table ${name}`);
    text = text.replace(block, (_, before: string, after: string) => `${before}\n${table}\n${after}`);
  }
  return text;
}

export function tables(inputs: Inputs): { readonly [name: string]: string } {
  return {
    costs: costs(inputs),
    today: todayTable(inputs),
    flow: flowTable(inputs),
    sharded: shardedTable(inputs),
  };
}

const MEANINGS: { readonly [name in InputName]: readonly [what: string, unit: 'us' | 'bytes'] } = {
  plan_us: ['planning a cell that nobody drew', 'us'],
  plan_bytes: ['its place in the plan', 'bytes'],
  null_us: ['finding that a cell is there', 'us'],
  null_bytes: ['its place in a run with nothing to do', 'bytes'],
  writer_us: ['deciding, writing and acknowledging a result of 2 kB', 'us'],
  record_bytes: ['a record in the history', 'bytes'],
  index_bytes: ['its rows in the index', 'bytes'],
  index_us: ['making them anew from the history', 'us'],
  view_bytes: ['its line in the view', 'bytes'],
  view_us: ['writing that line', 'us'],
  order_bytes: ['an order of 2 kB in Redis', 'bytes'],
  order_redis_us: ['Redis, for an order and its outcome', 'us'],
  order_coordinator_us: ['the coordinator, for sending the one and fetching the other', 'us'],
};

function costs(inputs: Inputs): string {
  const rows = (Object.keys(MEANINGS) as readonly InputName[]).map((name) => {
    const [what, unit] = MEANINGS[name];
    const { value, from } = inputs[name];
    return [what, unit === 'us' ? `${value} µs` : `${formatCount(value)} bytes`, from];
  });
  return table(['what a task costs', '', 'measured'], rows);
}

function todayTable(inputs: Inputs): string {
  const each = SIZES.map((tasks) => today(tasks, inputs));
  const most = mostTasks(inputs);
  const row = (what: string, cell: (one: (typeof each)[number]) => string, limit: string): string[] => [
    what,
    ...each.map(cell),
    limit,
  ];
  return table(
    ['one process, one store, one Redis', ...SIZES.map(named), 'it ends at'],
    [
      row(
        'the plan, nothing drawn yet',
        (one) => `${size(one.planBytes)}, ${time(one.planS)}`,
        `${named(most.planned)}: the heap of 4 GB`,
      ),
      row(
        'a run with nothing to do',
        (one) => `${size(one.nullBytes)}, ${time(one.nullS)}`,
        `${named(most.rerun)}: the same`,
      ),
      row('the history, as lines', (one) => size(one.historyBytes), 'the disk'),
      row(
        'the index, and making it anew',
        (one) => `${size(one.indexBytes)}, ${time(one.indexS)}`,
        'patience',
      ),
      row('the view, and writing it anew', (one) => `${size(one.viewBytes)}, ${time(one.viewS)}`, 'patience'),
      row(
        'one coordinator: send, fetch, write',
        (one) => time(one.coordinatorS),
        `${perSecond(inputs, ['order_coordinator_us', 'writer_us'])} a second`,
      ),
      row('one Redis', (one) => time(one.redisS), `${perSecond(inputs, ['order_redis_us'])} a second`),
      [
        'one account of 30,000 calls a minute',
        ...SIZES.map((tasks) => time(tasks / ACCOUNT_PER_S)),
        `${ACCOUNT_PER_S} a second`,
      ],
    ],
  );
}

const LATENCY_S = 2;
/** Workers enough, but for the second. */
const FLOWS: readonly Flow[] = [
  flow({ callsPerS: 500 }),
  flow({ callsPerS: 500, places: 500 }),
  flow({ callsPerS: 5_000 }),
  flow({ callsPerS: 20_000 }),
  flow({ callsPerS: 20_000, coordinators: 4 }),
  flow({ callsPerS: 20_000, coordinators: 4, servers: 4 }),
];

function flow({ callsPerS, ...more }: Partial<Flow> & Pick<Flow, 'callsPerS'>): Flow {
  const places = callsPerS * LATENCY_S * 1.25;
  return { callsPerS, latencyS: LATENCY_S, coordinators: 1, servers: 1, places, ...more };
}

function flowTable(inputs: Inputs): string {
  return table(
    [
      'lanes allow',
      'workers hold',
      'coordinators',
      'Redis',
      'reached',
      'limited by',
      'a coordinator is busy',
      'a Redis is busy',
      'in all Redis at most',
    ],
    FLOWS.map((one) => {
      const made = simulate(one, inputs);
      return [
        `${formatCount(one.callsPerS)}/s`,
        formatCount(one.places),
        String(one.coordinators),
        String(one.servers),
        `${formatCount(Number(made.perS.toPrecision(3)))}/s`,
        made.limitedBy,
        percent(made.coordinatorBusy),
        percent(made.redisBusy),
        size(made.mostBytes),
      ];
    }),
  );
}

function shardedTable(inputs: Inputs): string {
  const each = SIZES.map((tasks) => sharded({ tasks, withinS: WEEK_S }, inputs));
  const row = (what: string, cell: (one: (typeof each)[number]) => string): string[] => [
    what,
    ...each.map(cell),
  ];
  return table(
    ['done within a week', ...SIZES.map(named)],
    [
      row('calls a second', (one) => rate(one.callsPerS)),
      row('accounts of 30,000 calls a minute', (one) =>
        formatCount(Math.ceil(one.callsPerS / ACCOUNT_PER_S)),
      ),
      row('coordinators, by their work', (one) => formatCount(one.coordinatorsByWork)),
      row('coordinators, if each plans all its cells at once', (one) =>
        formatCount(one.coordinatorsByMemory),
      ),
      row('servers of Redis', (one) => formatCount(one.servers)),
      row('slices of at most 2 M cells', (one) => formatCount(one.slices)),
      row('a slice: plan in memory', (one) => size(one.sliceBytes)),
      row('a slice: index, made anew in', (one) => `${size(one.sliceIndexBytes)}, ${time(one.sliceIndexS)}`),
      row('packs of 64 MB', (one) => `${formatCount(one.packs)}, ${size(one.packedBytes)}`),
      row('a run with nothing to do, all coordinators', (one) => time(one.nullS)),
    ],
  );
}

function perSecond(inputs: Inputs, names: readonly InputName[]): string {
  const us = names.reduce((sum, name) => sum + inputs[name].value, 0);
  return formatCount(Number((1_000_000 / us).toPrecision(3)));
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [line(heads), `|${'---|'.repeat(heads.length)}\n`, ...rows.map(line)].join('');
}

/** `6.1 M`, `10 G`. */
function named(count: number): string {
  const [divisor, letter] = count >= 1e9 ? [1e9, 'G'] : [1e6, 'M'];
  return `${Number((count / divisor).toPrecision(2))} ${letter}`;
}

/** `12 MB`, `7.1 TB`: thousands, as disks are sold. */
function size(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes / 1_000;
  let unit = 0;
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1_000;
  return `${Number(value.toPrecision(2))} ${units[unit]}`;
}

/** `2.4 min`, `16 days`. */
function time(seconds: number): string {
  const units: readonly (readonly [number, string])[] = [
    [86_400, 'days'],
    [3_600, 'h'],
    [60, 'min'],
  ];
  const [divisor, unit] = units.find(([length]) => seconds >= 2 * length) ?? [1, 's'];
  return `${Number((seconds / divisor).toPrecision(2))} ${unit}`;
}

function rate(perS: number): string {
  return perS < 10 ? perS.toFixed(1) : formatCount(perS);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

if (import.meta.main) await main(process.argv.slice(2));
