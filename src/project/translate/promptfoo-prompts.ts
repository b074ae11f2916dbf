// `prompts:` of promptfoo -> templates, with the files that hold them. A prompt that is made by code is named, not run.
import path from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { readStrictJson } from '../../core/strict-json.ts';
import type { Notes } from './draft.ts';
import { makeNamer, slug } from './names.ts';
import { type Translated, translateTemplate } from './nunjucks.ts';
import {
  findAllNamed,
  isPlacedMap,
  itemsOf,
  leave,
  openSource,
  type Placed,
  type Reach,
  textOf,
} from './source.ts';

export type Prompt = {
  readonly name: string;
  /** By what filters of providers and tests may call it. */
  readonly ids: readonly string[];
  /** As it is sent: text, or messages. */
  readonly content: string | readonly JsonObject[];
  /** A file name for it, without its ending; null = it stands in the config. */
  readonly stem: string | null;
  readonly placed: Placed<unknown>;
};

export type PromptsContext = { readonly reach: Reach; readonly notes: Notes };

type Raw = {
  readonly text: string;
  readonly label: string | null;
  readonly id: string;
  readonly stem: string | null;
  readonly file: string | null;
};

export async function readPrompts(placed: Placed<Json>, context: PromptsContext): Promise<readonly Prompt[]> {
  const entries = entriesOf(placed, context);
  const namer = makeNamer();
  const prompts: Prompt[] = [];
  for (const entry of entries) {
    for (const raw of await rawPrompts(entry, context)) {
      const content = contentOf(raw.text);
      const name = namer(slug(raw.label ?? '') || slug(raw.stem ?? '') || `prompt-${prompts.length + 1}`);
      const ids = [raw.id, raw.label ?? '', raw.text].filter((id) => id !== '');
      prompts.push({ name, ids, content, stem: raw.stem, placed: entry.placed });
    }
  }
  return prompts;
}

type Entry = {
  readonly written: string;
  readonly label: string | null;
  readonly isRaw: boolean;
  readonly placed: Placed<Json>;
};

/** A text, a list of texts and maps, or a map from files to labels. */
function entriesOf(placed: Placed<Json>, { notes }: PromptsContext): readonly Entry[] {
  if (typeof placed.value === 'string') return [{ written: placed.value, label: null, isRaw: false, placed }];
  if (isPlacedMap(placed)) {
    return Object.entries(placed.value).map(([written, label]) => ({
      ...{ written, label: typeof label === 'string' ? label : null, isRaw: false },
      placed: { ...placed, value: written, path: [...placed.path, written] },
    }));
  }
  return itemsOf(placed, 'prompts', notes).flatMap((item) => {
    const { value } = item;
    if (typeof value === 'string') return [{ written: value, label: null, isRaw: false, placed: item }];
    if (!isJsonObject(value)) {
      leave(notes, item, { what: 'prompt', why: 'it is neither a text nor a map' });
      return [];
    }
    const { raw, id, label } = value;
    const text = typeof raw === 'string' ? raw : typeof id === 'string' ? id : '';
    return [
      {
        written: text,
        label: typeof label === 'string' ? label : null,
        isRaw: typeof raw === 'string',
        placed: item,
      },
    ];
  });
}

async function rawPrompts(
  { written, label, isRaw, placed }: Entry,
  { reach, notes }: PromptsContext,
): Promise<readonly Raw[]> {
  const unable = (why: string): readonly Raw[] => {
    leave(notes, placed, { what: `prompt ${shown(written)}`, why });
    return [];
  };
  if (written.trim() === '') return unable('it is empty');
  if (isRaw || !isPath(written)) return [{ text: written, label, id: written, stem: null, file: null }];
  if (/^exec:/.test(written) || /\.(?:py|[cm]?[jt]s|rb|sh)(?::\w+)?$/i.test(written))
    return unable(
      'it is made by code: let own code build what is asked (use: ./variant.ts, or command: [...])',
    );
  const files = await findAllNamed(written, placed.source.folder, reach);
  return files.flatMap((found) => {
    if (found.kind === 'none') return unable(found.why);
    const stem = path.basename(found.file).replace(/\.[^.]+$/, '');
    return textsOf(found.file, reach).map((text, i, all) => ({
      ...{ text, id: written, stem: all.length > 1 ? `${stem}-${i + 1}` : stem, file: found.file },
      label: label === null || all.length === 1 ? label : `${label} ${i + 1}`,
    }));
  });
}

/** As promptfoo tells a path from a text: by its beginning, or by an ending on one line. */
function isPath(written: string): boolean {
  if (/^(?:file:\/\/|exec:)/.test(written)) return true;
  return (
    !/\n|\{\{/.test(written) &&
    /^[^\s"]+\.(?:txt|md|j2|json|jsonl|ya?ml|csv|py|[cm]?[jt]s)(?::\w+)?$/i.test(written)
  );
}

/** Files of text hold several prompts where a line of three hyphens stands between them. */
function textsOf(file: string, reach: Reach): readonly string[] {
  const text = textOf(file);
  if (/\.ya?ml$/i.test(file)) return [JSON.stringify(openSource(file, reach).value)];
  if (/\.json$/i.test(file)) return [text.trim()];
  if (/\.jsonl$/i.test(file)) return text.split('\n').filter((line) => line.trim() !== '');
  return text
    .split(/^---[ \t]*$/m)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** JSON that is a list of messages is a conversation, as there. */
function contentOf(text: string): Prompt['content'] {
  if (!text.trimStart().startsWith('[')) return text;
  const read = readStrictJson(text);
  const list = read.kind === 'ok' ? read.value : null;
  const isChat =
    Array.isArray(list) &&
    list.length > 0 &&
    list.every((one) => isJsonObject(one) && typeof one.role === 'string');
  return isChat ? (list as readonly JsonObject[]) : text;
}

export type TranslatedPrompt = {
  readonly content: Prompt['content'];
  readonly names: readonly string[];
};

/** null: what is wrong is among the notes. */
export function translatePrompt(
  prompt: Prompt,
  own: ReadonlySet<string>,
  notes: Notes,
): TranslatedPrompt | null {
  const unable = (found: Extract<Translated, { kind: 'none' }>): null => {
    leave(notes, prompt.placed, {
      what: `prompt ${prompt.name}`,
      why: `line ${found.line} of it has ${found.what}, and templates here have neither blocks nor filters: write the text, or a variable for it`,
    });
    return null;
  };
  if (typeof prompt.content === 'string') {
    const found = translateTemplate(prompt.content, own);
    return found.kind === 'ok' ? { content: found.text, names: found.names } : unable(found);
  }
  const names: string[] = [];
  const messages: JsonObject[] = [];
  for (const message of prompt.content) {
    if (typeof message.content !== 'string') {
      messages.push(message);
      continue;
    }
    const found = translateTemplate(message.content, own);
    if (found.kind === 'none') return unable(found);
    names.push(...found.names);
    messages.push({ ...message, content: found.text });
  }
  return { content: messages, names };
}

function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 60)}...` : line;
}
