// A path where text is meant: `system: prompts/tweet.txt` would be sent as these words. Nothing is opened here.
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Said } from './reading.ts';

const PROMPTS = 'txt|md|markdown|j2|jinja2?|njk|prompt|prompty|tmpl|tpl|hbs|mustache|liquid';
const OTHERS = 'json|jsonl|ya?ml|csv|html?|xml|py|[cm]?js|ts';
/** `file://` is promptfoo's, `@` is curl's. */
const WRITTEN = /^(?:file:\/\/|@)/;
const IN_A_FOLDER = new RegExp(
  `^[\\w@.~-][\\w@ .~-]*(?:[/\\\\][\\w@ .~-]+)+\\.(?:${PROMPTS}|${OTHERS})$`,
  'i',
);
const A_PROMPT = new RegExp(`^[\\w@~-][\\w@.~-]*\\.(?:${PROMPTS})$`, 'i');
const MAX_CHARS = 300;

export type NamedFile = {
  /** As it would stand after `file:`. */
  readonly path: string;
  readonly isThere: boolean;
};

/** null: it is text. What is one word and no file may be text as well: it is a path only where it looks like one. */
export function fileNamedBy(text: string, folder: string): NamedFile | null {
  if (text.length > MAX_CHARS || text.length < 3 || text.includes('\n')) return null;
  // Nearly all texts say it here.
  if (!/[./\\]|^@/.test(text)) return null;
  const named = text.replace(WRITTEN, '');
  const isMarked = named !== text;
  const looks = IN_A_FOLDER.test(named) || A_PROMPT.test(named);
  if (!looks && !isMarked && !/^(?=.*[./\\])\S+$/.test(named)) return null;
  if (isFile(path.resolve(folder, named))) return { path: named, isThere: true };
  return looks || (isMarked && text.startsWith('file:')) ? { path: named, isThere: false } : null;
}

function isFile(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}

/** What is said of it. `hint` of a place that takes no file is its own. */
export function pathWords(text: string, named: NamedFile, hint: string | null = null): Said {
  const words = named.isThere ? 'and names a file' : 'and looks like the path of a file, which is not there';
  return {
    severity: 'warning',
    code: 'path-as-text',
    message: `${JSON.stringify(text)} is sent as these words, ${words}`,
    hint:
      hint ??
      `to send what a file holds: { file: ${/^[\w./-]+$/.test(named.path) ? named.path : JSON.stringify(named.path)} }`,
  };
}
