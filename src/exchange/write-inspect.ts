// One variant as a log of Inspect (EvalLog, version 2): scenarios are samples, runs are epochs. Inspect finds a log by the
// form of its name, and reads header and samples without asking us: tests/exchange/inspect.test.ts holds both against it.
import { sha256 } from '../core/canonical.ts';
import type { JsonObject } from '../core/json.ts';
import { modelAsked } from '../core/untold.ts';
import type { Exported } from './exported.ts';
import { type InspectFacts, inspectFacts } from './inspect-facts.ts';
import { type InspectSample, inspectModel, inspectSample } from './inspect-sample.ts';

export type InspectLog = {
  readonly experiment: string;
  readonly variant: string;
  readonly slug: string;
  /** 0 = what counts; then the records beside it, of `--all`: a log holds one record of a scenario and epoch. */
  readonly layer: number;
  /** The version of this program. */
  readonly expgraph: string;
  /** Read for the header, before `samples` is. */
  readonly all: Iterable<Exported>;
  readonly samples: Iterable<InspectSample>;
};

/** A sample at a time: only one is in memory. */
export function inspectLog(log: InspectLog): {
  /** As Inspect names its logs: the time, the task, the arm, an id that stays when the log is written again. */
  readonly name: string;
  /** How the names of earlier exports of this log end. */
  readonly ending: string;
  readonly chunks: Iterable<string>;
} {
  const facts = inspectFacts(log.all);
  const id = sha256(JSON.stringify([log.experiment, log.variant, log.layer])).slice(0, 22);
  const ending = `_${id}.json`;
  const moment = `${facts.startedAt.slice(0, 19).replaceAll(':', '-')}+00-00`;
  const name = [moment, nameable(log.experiment), nameable(log.slug)].join('_') + ending;
  return { name, ending, chunks: chunksOf({ log, facts, id }) };
}

function* chunksOf(input: {
  readonly log: InspectLog;
  readonly facts: InspectFacts;
  readonly id: string;
}): Generator<string> {
  yield `${JSON.stringify(headerOf(input)).slice(0, -1)},"samples":[`;
  let comma = '\n';
  for (const sample of input.log.samples) {
    yield `${comma}${JSON.stringify(inspectSample(sample))}`;
    comma = ',\n';
  }
  yield '\n]}\n';
}

function headerOf(input: {
  readonly log: InspectLog;
  readonly facts: InspectFacts;
  readonly id: string;
}): JsonObject {
  const { log, facts, id } = input;
  const { first, temperature, seed, usage } = facts;
  const model = inspectModel(first);
  const run = sha256(JSON.stringify([id, facts.startedAt, facts.completedAt, facts.samples])).slice(0, 22);
  const { scores, reductions, scorers } = facts.scores;
  const tags = facts.simulated > 0 ? ['SIMULATION'] : [];
  return {
    version: 2,
    // Nobody answered anything: that is no success.
    status: facts.completed > 0 ? 'success' : 'error',
    eval: {
      eval_id: run,
      run_id: run,
      created: facts.startedAt,
      task: log.experiment,
      task_id: id,
      task_version: 0,
      task_display_name: log.experiment,
      task_attribs: {},
      task_args: { variant: log.variant },
      task_args_passed: { variant: log.variant },
      solver: log.variant,
      tags,
      dataset: {
        name: log.experiment,
        samples: facts.sampleIds.length,
        sample_ids: facts.sampleIds,
        shuffled: false,
      },
      model,
      model_generate_config: {
        ...(temperature === null ? {} : { temperature }),
        ...(seed === null ? {} : { seed }),
      },
      model_args: {},
      config: { epochs: facts.epochs, epochs_reducer: ['mean'], fail_on_error: false, log_samples: true },
      packages: { expgraph: log.expgraph },
      scorers,
      metadata: {
        variant: log.variant,
        model: modelAsked(first),
        provider: first.provider,
        simulated: facts.simulated,
        ...(log.layer === 0 ? {} : { layer: log.layer }),
      },
    },
    plan: { name: 'plan', steps: [{ solver: log.variant, params: {} }], config: {} },
    results: {
      total_samples: facts.sampleIds.length * facts.epochs,
      completed_samples: facts.completed,
      scores,
    },
    stats: {
      started_at: facts.startedAt,
      completed_at: facts.completedAt,
      model_usage: usage === null ? {} : { [model]: usage },
    },
    ...(facts.completed > 0 ? {} : { error: NO_ANSWER }),
    tags,
    metadata: {},
    reductions,
  };
}

const NO_ANSWER = { message: 'no sample was answered', traceback: '', traceback_ansi: '' };

/** An underscore parts the fields of a log's name, and a name of a file has an end. */
function nameable(text: string): string {
  return text.replace(/[^\p{L}\p{N}.=+[\],~-]+/gu, '-').slice(0, 60) || 'log';
}
