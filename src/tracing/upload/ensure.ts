// What must be there before a trace: its project, or its experiment with the dataset that it is over. Each is asked for
// once a program, however many traces need it.
import { isJsonObject } from '../../core/json.ts';
import { jsonBody } from '../spans/wire.ts';
import type { Batch } from './batches.ts';
import { ensureDataset, ensureExperiment } from './ensure-experiment.ts';
import type { Dataset } from './experiment.ts';
import { type Link, strangerText } from './link.ts';
import { readExperimentSpec, readLinks, writeLinks } from './specs.ts';

/** `impossible`: it will not be there, and why was said; `stopped`: the link is. */
export type Readiness = 'ready' | 'impossible' | 'stopped';

export type Prepare = {
  ready(batch: Batch): Promise<Readiness>;
  experiment(id: string): Promise<Readiness>;
  /** LangSmith's id of a project or experiment; null = not known. */
  projectId(name: string): Promise<string | null>;
  /** Asks once what the service is; the answers below are known then. */
  info(): Promise<Readiness>;
  /** As far as the service takes it. */
  encoding(): 'gzip' | 'plain';
  takesMultipart(): boolean;
  /** It said of itself what only LangSmith says. */
  isLangSmith(): boolean;
};

export type PrepareSettings = {
  /** artifacts/<experiment>/traces */
  readonly root: string;
  readonly apiUrl: string;
  readonly link: Link;
  readonly say: (problem: string) => void;
};

export function makePrepare(settings: PrepareSettings): Prepare {
  const { link, root, apiUrl, say } = settings;
  const asked = new Map<string, Promise<Readiness>>();
  const datasets = new Map<string, ReturnType<typeof ensureDataset>>();
  let gzip: 'gzip' | 'plain' = 'plain';
  let multipart = true;
  let isKnown = false;

  function once(name: string, ask: () => Promise<Readiness>): Promise<Readiness> {
    const known = asked.get(name) ?? ask();
    asked.set(name, known);
    return known;
  }

  async function info(): Promise<Readiness> {
    const answer = await link.call({ method: 'GET', path: '/info' });
    if (answer === null) return 'stopped';
    if (answer.kind !== 'ok') return 'ready';
    if (!isJsonObject(answer.body)) {
      link.stop(strangerText(apiUrl, 'its /info says nothing'));
      return 'stopped';
    }
    isKnown = true;
    const { instance_flags: flags, batch_ingest_config: config } = answer.body;
    if (isJsonObject(flags) && flags.gzip_body_enabled === true) gzip = 'gzip';
    if (isJsonObject(config) && config.use_multipart_endpoint === false) multipart = false;
    return 'ready';
  }

  /** Variants share it. */
  function datasetOnce(dataset: Dataset): ReturnType<typeof ensureDataset> {
    const known = datasets.get(dataset.id) ?? ensureDataset({ link, dataset, say });
    datasets.set(dataset.id, known);
    return known;
  }

  async function project(name: string): Promise<Readiness> {
    const answer = await link.call({
      method: 'POST',
      path: '/sessions?upsert=true',
      body: jsonBody({ name }),
    });
    if (answer === null) return 'stopped';
    // A key that may not make projects may still send traces: the first of them makes it.
    if (answer.kind === 'ok') remember({ root, apiUrl, name, session: answer.body });
    return 'ready';
  }

  async function experiment(id: string): Promise<Readiness> {
    const spec = readExperimentSpec(root, id);
    if (spec === null) {
      say(
        'an experiment of LangSmith is not described here any more: `npx expgraph langsmith sync` describes it',
      );
      return 'impossible';
    }
    const dataset = await datasetOnce(spec.dataset);
    if (dataset.kind !== 'ready') return dataset.kind;
    const made = await ensureExperiment({ link, experiment: spec.experiment, datasetId: dataset.id, say });
    if (made.kind === 'ready') {
      remember({ root, apiUrl, name: spec.experiment.name, session: made.session });
      rememberDataset({ root, name: spec.dataset.name, id: dataset.id });
    }
    return made.kind;
  }

  const prepare: Prepare = {
    encoding: () => gzip,
    takesMultipart: () => multipart,
    isLangSmith: () => isKnown,
    info: () => once('info', info),
    experiment: async (id) => {
      const readiness = await once('info', info);
      return readiness === 'ready' ? once(`experiment ${id}`, () => experiment(id)) : readiness;
    },
    async ready(batch) {
      let readiness = await once('info', info);
      for (const { project: name, experiment: id } of batch) {
        if (readiness !== 'ready') break;
        readiness = await (id === null
          ? once(`project ${name}`, () => project(name))
          : once(`experiment ${id}`, () => experiment(id)));
      }
      return readiness;
    },
    async projectId(name) {
      await once(`project ${name}`, () => project(name));
      return readLinks(root)?.projects[name] ?? null;
    },
  };
  return prepare;
}

/** For links to pages, without asking again. */
function remember(input: {
  readonly root: string;
  readonly apiUrl: string;
  readonly name: string;
  readonly session: unknown;
}): void {
  const { session } = input;
  if (!isJsonObject(session) || typeof session.id !== 'string') return;
  const links = readLinks(input.root);
  const known = links?.api === input.apiUrl ? links : null;
  const tenant = typeof session.tenant_id === 'string' ? session.tenant_id : (known?.tenant ?? null);
  const projects = { ...known?.projects, [input.name]: session.id };
  writeLinks(input.root, { api: input.apiUrl, tenant, projects, datasets: known?.datasets ?? {} });
}

function rememberDataset(input: { readonly root: string; readonly name: string; readonly id: string }): void {
  const links = readLinks(input.root);
  if (links) writeLinks(input.root, { ...links, datasets: { ...links.datasets, [input.name]: input.id } });
}
