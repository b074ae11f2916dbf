// Looks over the tools that a request offers: what each seems to be for. Remembered, because requests of a run repeat them.
import { hashText } from './dice.ts';

export type OfferedTool = {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments as it came: anything. */
  readonly parameters: unknown;
};

export type ToolProfile = {
  readonly tool: OfferedTool;
  /** What the name says that it does. */
  readonly verb: 'create' | 'list' | 'change' | null;
  readonly isScheduling: boolean;
  /** Its name speaks of repetition, or of a single time. */
  readonly leaning: 'recurring' | 'once' | null;
  /** Words of the name that are about something else than scheduling: get_weather -> weather. */
  readonly topics: readonly string[];
};

export type ToolKit = {
  readonly profiles: readonly ToolProfile[];
  /** Length of the tools as JSON: they are part of the prompt. */
  readonly chars: number;
  readonly hash: number;
};

/** A kit larger than this is looked over each time, so that memory stays bounded. */
const MAX_REMEMBERED_CHARS = 200_000;
const MAX_REMEMBERED_KITS = 50;

const remembered = new Map<string, ToolKit>();

export function toolKitOf(tools: readonly OfferedTool[]): ToolKit {
  const text = tools.length === 0 ? '' : JSON.stringify(tools);
  const known = remembered.get(text);
  if (known) return known;
  const kit = { profiles: tools.map(profileOf), chars: text.length, hash: hashText(text) };
  if (text.length <= MAX_REMEMBERED_CHARS) {
    if (remembered.size >= MAX_REMEMBERED_KITS) remembered.delete(remembered.keys().next().value!);
    remembered.set(text, kit);
  }
  return kit;
}

function profileOf(tool: OfferedTool): ToolProfile {
  const name = nameWords(tool.name);
  const about = tool.description.slice(0, 2_000).toLowerCase();
  const verb = VERBS.find(([, words]) => name.some((word) => words.has(word)))?.[0] ?? null;
  return {
    tool,
    verb,
    isScheduling:
      name.some((word) => SCHEDULING.has(word)) || about.includes('calendar') || about.includes('schedule'),
    leaning: name.some((word) => RECURRING.has(word))
      ? 'recurring'
      : name.some((word) => ONCE.has(word))
        ? 'once'
        : null,
    topics: name.filter(
      (word) => word.length > 2 && !SCHEDULING.has(word) && !VERBS.some(([, words]) => words.has(word)),
    ),
  };
}

/** create_calendarEvent -> create, calendar, event. */
export function nameWords(name: string): readonly string[] {
  return (name.slice(0, 128).match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? []).map((word) => word.toLowerCase());
}

const RECURRING = new Set([
  'recurring',
  'repeat',
  'repeating',
  'habit',
  'routine',
  'daily',
  'weekly',
  'series',
]);

const ONCE = new Set(['event', 'calendar', 'appointment', 'meeting', 'once']);

const SCHEDULING = new Set([
  ...RECURRING,
  ...ONCE,
  ...[
    'schedule',
    'task',
    'tasks',
    'events',
    'reminder',
    'reminders',
    'remind',
    'item',
    'items',
    'agenda',
    'todo',
    'alarm',
  ],
]);

/** The first that fits: "schedule" is a verb only where no other is. */
const VERBS: readonly (readonly [NonNullable<ToolProfile['verb']>, ReadonlySet<string>])[] = [
  ['list', new Set(['list', 'get', 'find', 'search', 'show', 'view', 'read', 'fetch', 'query', 'lookup'])],
  [
    'change',
    new Set([
      'update',
      'change',
      'move',
      'edit',
      'reschedule',
      'modify',
      'cancel',
      'delete',
      'remove',
      'pause',
    ]),
  ],
  [
    'create',
    new Set(['create', 'add', 'schedule', 'book', 'make', 'new', 'remind', 'plan', 'insert', 'set']),
  ],
];
