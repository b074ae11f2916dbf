// `template`: text, or chat messages with placeholders in each, inline or in a file. What comes out is in one form: a list
// that says no more than `system` and a text do is these two, so that equal prompts have equal keys.
import path from 'node:path';
import type { Location } from '../../core/diagnostic.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { ChatMessage } from '../../core/manifest.ts';
import { isMediaPart } from '../../core/media.ts';
import { openDocument } from '../documents/document.ts';
import { MAX_DOCUMENT_BYTES } from '../documents/read.ts';
import type { JsonPath, Target } from '../errors/place.ts';
import { mistakesOf } from '../errors/validate.ts';
import { fileNamedBy, pathWords } from '../path-as-text.ts';
import { type Reading, say } from '../reading.ts';
import { mediaReader } from '../scenarios/media.ts';
import type { makeTextReader, Text } from './texts.ts';

export type Template = {
  readonly value: string | readonly ChatMessage[];
  /** Each text of it that is filled. */
  readonly texts: readonly Text[];
};

type TextReader = ReturnType<typeof makeTextReader>;

/** null: it cannot be read, which is among the findings. Each file is read once. */
export function makeTemplateReader(
  reading: Reading,
  text: TextReader,
): (value: unknown, at: JsonPath) => Template | null {
  const files = new Map<string, Template | null>();
  return (value, at) => {
    if (Array.isArray(value)) {
      const { file, locate } = reading.document;
      const messages = mediaReader(reading)(value as readonly ChatMessage[], {
        file,
        locate: (path) => locate({ path, part: 'value' }),
        base: at,
      });
      if (messages === null) return null;
      const template = ofMessages(messages, inManifest(reading, at));
      for (const one of template.texts) warnOfPath(one, reading.folder);
      return template;
    }
    const read = text(value, at);
    if (read === null) return null;
    const shown = isJsonObject(value) ? String(value.file) : null;
    if (shown === null || !isChat(shown, read.text)) return { value: read.text, texts: [read] };
    const file = path.resolve(reading.folder, shown);
    let template = files.get(file);
    if (template === undefined) {
      template = readMessages(reading, {
        file,
        shown,
        namedAt: () => reading.document.locate({ path: [...at, 'file'], part: 'value' }),
      });
      files.set(file, template);
    }
    return template;
  };
}

/** A message of a chat template is text: for a file there is the template as a whole. */
function warnOfPath({ text, report }: Text, folder: string): void {
  const named = fileNamedBy(text, folder);
  const hint = 'the text stands here, or all messages in a file: template: { file: prompt.json }';
  if (named !== null) report({ ...pathWords(text, named, hint), needle: text });
}

/** Prompts of promptfoo and requests copied out of a program: a list of maps with a role. Other files are text. */
function isChat(file: string, text: string): boolean {
  if (/\.json$/i.test(file)) return /^\s*\[\s*\{/.test(text) && /"role"\s*:/.test(text);
  return (
    /\.ya?ml$/i.test(file) && /^(?:\s*(?:#.*|---\s*)?\n)*-\s+\S/.test(text) && /\brole["']?\s*:/.test(text)
  );
}

function readMessages(
  reading: Reading,
  from: { readonly file: string; readonly shown: string; readonly namedAt: () => Location },
): Template | null {
  const { folder, findings } = reading;
  const opening = { ...from, folder, findings, maxBytes: MAX_DOCUMENT_BYTES };
  const document = openDocument(opening);
  if (document === null || !Array.isArray(document.value)) return null;
  let isSound = true;
  for (const [index, message] of document.value.entries()) {
    for (const { path: at, part, say: words } of mistakesOf('message', message)) {
      isSound = false;
      findings.add(document.file, () => ({
        ...words(),
        location: document.locate({ path: [index, ...at], part }),
      }));
    }
  }
  if (!isSound) return null;
  const messages = mediaReader(reading)(document.value as readonly ChatMessage[], {
    file: document.file,
    locate: (path) => document.locate({ path, part: 'value' }),
    base: [],
  });
  if (messages === null) return null;
  return ofMessages(messages, (said) =>
    findings.add(document.file, () => ({ ...said.what, location: document.locate(said.target) })),
  );
}

type Report = (said: { readonly what: Parameters<Text['report']>[0]; readonly target: Target }) => void;

function inManifest(reading: Reading, base: JsonPath): Report {
  return ({ what, target }) => say(reading, { ...what, path: [...base, ...target.path] });
}

function ofMessages(messages: readonly ChatMessage[], report: Report): Template {
  const texts = messages.flatMap((message, index) =>
    Object.entries(message).flatMap(([name, value]) =>
      name === 'role' ? [] : textsIn(value ?? null, [index, name]),
    ),
  );
  return {
    value: messages,
    texts: texts.map(({ text, path: at }) => ({
      text,
      report: (what) => {
        report({ what, target: { path: at, part: 'value', needle: what.needle } });
      },
    })),
  };
}

/** A file's name is no text of a prompt. */
function textsIn(value: Json, at: JsonPath): readonly { readonly text: string; readonly path: JsonPath }[] {
  if (isMediaPart(value)) return [];
  if (typeof value === 'string') return [{ text: value, path: at }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    textsIn((member ?? null) as Json, [...at, Array.isArray(value) ? Number(name) : name]),
  );
}

export type PromptValue = {
  readonly system: string | null;
  readonly template: string | readonly ChatMessage[];
};

/**
 * What is sent is the same: a first message of the system is `system`, and one message of the user is a text.
 * @param of.isOurs false: whoever fills `system` in its own way is handed the messages apart from it
 */
export function inOneForm(
  { system, template }: PromptValue,
  input: { readonly isOurs: boolean },
): PromptValue {
  if (typeof template === 'string') return { system, template };
  const [first, ...rest] = template as readonly [ChatMessage, ...ChatMessage[]];
  if (input.isOurs && system === null && rest.length > 0 && isPlain(first, 'system'))
    return inOneForm({ system: String(first.content), template: rest }, input);
  return { system, template: rest.length === 0 && isPlain(first, 'user') ? String(first.content) : template };
}

function isPlain(message: ChatMessage, role: ChatMessage['role']): boolean {
  return message.role === role && typeof message.content === 'string' && Object.keys(message).length === 2;
}
