// What prompts read and scenarios lack: of each thing one mistake a file, however many scenarios and prompts there are.

import type { Reading } from '../reading.ts';
import type { FoundScenario } from '../scenarios/scenarios.ts';
import { lacks } from './crosscheck.ts';

export type Lack = {
  readonly code: string;
  /** `no variable "topic"` */
  readonly thing: string;
  /** Who reads it: `the template of "one"`. */
  readonly reader: string;
  /** Behind the reader: ` ({{vars.topic}})`. */
  readonly as: string;
  readonly hint: () => string;
};

export type Lacking = {
  add(scenario: FoundScenario, lack: Lack): void;
  report(): void;
};

type Group = { readonly lack: Lack; readonly readers: Set<string>; readonly lacking: Set<FoundScenario> };

export function makeLacking(reading: Reading, scenarios: readonly FoundScenario[]): Lacking {
  const files = new Map<string, Map<string, Group>>();
  return {
    add(found, lack) {
      const { file } = found.scenario.source;
      const groups = files.get(file) ?? new Map<string, Group>();
      files.set(file, groups);
      const id = `${lack.code} ${lack.thing}`;
      const group = groups.get(id) ?? { lack, readers: new Set(), lacking: new Set() };
      groups.set(id, group);
      group.readers.add(lack.reader);
      group.lacking.add(found);
    },
    report() {
      for (const [file, groups] of files) {
        const total = scenarios.filter(({ scenario }) => scenario.source.file === file).length;
        for (const group of groups.values()) tell(reading, { group, total });
      }
    },
  };
}

function tell(reading: Reading, input: { readonly group: Group; readonly total: number }): void {
  const { lack, readers, lacking } = input.group;
  const [first, second] = [...lacking];
  const [reader, ...others] = [...readers];
  const also = others.length === 0 ? '' : `, and ${others.length} more`;
  const read = `${lack.thing}, which ${reader} reads${also}${lack.as}`;
  if (second === undefined) {
    const said = { code: lack.code, what: `has ${read}`, hint: lack.hint() };
    lacks({ reading, scenario: first! }, said);
    return;
  }
  const at = { path: ['id'], part: 'value' } as const;
  const shown = [first!, second].map(({ scenario }) => JSON.stringify(scenario.id)).join(', ');
  const more = lacking.size > 2 ? ', ...' : '';
  const number = lacking.size === input.total ? `all ${input.total}` : `${lacking.size} of ${input.total}`;
  reading.findings.add(first!.scenario.source.file, () => ({
    ...{ code: lack.code, message: `${number} scenarios have ${read}: ${shown}${more}` },
    hint: lack.hint(),
    location: first!.locate(first!.index, at),
    related: [{ message: 'another one is here', location: second.locate(second.index, at) }],
  }));
}
