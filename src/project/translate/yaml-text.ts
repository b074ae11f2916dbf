// Data -> YAML that people go on to edit: blocks, plain words where they are safe, and texts of many lines as they read. Pure.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

/** Lines of a map, each indented by so many blanks. */
export function yamlMap(map: JsonObject, indent = 0): readonly string[] {
  return entriesOf(map).flatMap(([name, value]) => member(`${word(name)}:`, value, indent));
}

/** Lines of a list. */
export function yamlList(list: readonly Json[], indent = 0): readonly string[] {
  return list.flatMap((item) => {
    if (!isJsonObject(item) || Object.keys(item).length === 0 || fits(item, indent + 2))
      return member('-', item, indent);
    const [first = '', ...rest] = yamlMap(item, indent + 2);
    return [`${blanks(indent)}- ${first.slice(indent + 2)}`, ...rest];
  });
}

/** On one line: `{ a: 1, b: [x, y] }`. */
export function yamlFlow(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(yamlFlow).join(', ')}]`;
  if (!isJsonObject(value)) return flowScalar(value);
  const members = entriesOf(value).map(([name, held]) => `${flowScalar(name)}: ${yamlFlow(held)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** A comment: whatever the text is, it stays one. */
export function comment(text: string, indent = 0): readonly string[] {
  return text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) => `${blanks(indent)}# ${printable(line)}`.trimEnd());
}

const WIDTH = 110;

function member(head: string, value: Json, indent: number): readonly string[] {
  const start = `${blanks(indent)}${head}`;
  if (typeof value === 'string' && isBlock(value)) {
    const chomp = value.endsWith('\n') ? '' : '-';
    const lines = (chomp === '' ? value.slice(0, -1) : value).split('\n');
    return [
      `${start} |${chomp}`,
      ...lines.map((line) => (line === '' ? '' : `${blanks(indent + 2)}${line}`)),
    ];
  }
  if (typeof value !== 'object' || value === null) return [`${start} ${scalar(value)}`];
  const isList = Array.isArray(value);
  if (Object.keys(value).length === 0 || fits(value, start.length + 1))
    return [`${start} ${yamlFlow(value)}`];
  return [
    start,
    ...(isList ? yamlList(value as readonly Json[], indent + 2) : yamlMap(value as JsonObject, indent + 2)),
  ];
}

/** Short ones, and none that hold a text of many lines. */
function fits(value: Json, from: number): boolean {
  const line = yamlFlow(value);
  return line.length + from <= WIDTH && !line.includes('\\n') && depth(value) <= 3;
}

function depth(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...entriesOf(value as JsonObject).map(([, held]) => depth(held)));
}

/** A literal block holds its lines as they are; what it could not hold exactly is written in quotes. */
function isBlock(text: string): boolean {
  if (!text.includes('\n') || /[^\n\P{C}]|[\u0085\u2028\u2029\ufeff]/u.test(text)) return false;
  if (/^[\s]|\n\n$/.test(text) || text === '\n') return false;
  return text.isWellFormed();
}

function scalar(value: Json): string {
  return typeof value === 'string' ? word(value) : JSON.stringify(value);
}

function flowScalar(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /[,[\]{}]/.test(value) ? quoted(value) : word(value);
}

/** Plain where no reader of YAML takes it for anything else than this text. */
export function word(text: string): string {
  const isPlain =
    /^[A-Za-z./][\w./()+-]*(?: [\w./()+'-]+)*$/.test(text) &&
    text.length <= 200 &&
    !/^(?:true|false|null|yes|no|on|off|y|n|\.+|[+-]?\.?(?:inf|nan)|\.?\d.*)$/i.test(text);
  return isPlain ? text : quoted(text);
}

/** JSON is YAML, but for what YAML calls unprintable. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escaped);
}

function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, '?');
}

function escaped(character: string): string {
  return `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`;
}

function blanks(count: number): string {
  return ' '.repeat(count);
}

/** A member that is not there has no line. */
function entriesOf(map: JsonObject): readonly (readonly [string, Json])[] {
  return Object.entries(map).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
}
