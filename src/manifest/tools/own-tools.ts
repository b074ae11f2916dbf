// `tools` of a scenario: a list, or the path of a file, as of a variant. Data sets of function calls have one list a case.
import path from 'node:path';
import { isJsonObject } from '../../core/json.ts';
import type { Scenario, Tool } from '../../core/manifest.ts';
import type { Locate, ScenarioEntry } from '../documents/origin.ts';
import type { Reading } from '../reading.ts';
import { readTools, readToolsFile } from './tools.ts';

/** The scenario with its tools; without any it is what it was. Each file is read once. */
export function makeOwnToolsReader(
  reading: Reading,
): (of: { readonly entry: ScenarioEntry; readonly locate: Locate }) => Scenario {
  const files = new Map<string, readonly Tool[] | null>();
  return ({ entry, locate }) => {
    const { scenario, index, tools: written } = entry;
    if (written === undefined) return scenario;
    const document = {
      file: scenario.source.file,
      locate: (target: Parameters<Locate>[1]) => locate(index, target),
    };
    if (typeof written !== 'string') {
      const tools = readTools({ reading, document, list: written.map(unwrapped), base: ['tools'] });
      return tools === null ? scenario : { ...scenario, tools };
    }
    const file = path.resolve(reading.folder, written);
    let tools = files.get(file);
    if (tools === undefined) {
      const namedAt = () => document.locate({ path: ['tools'], part: 'value' });
      tools = readToolsFile(reading, { file, shown: written, namedAt });
      files.set(file, tools);
    }
    return tools === null ? scenario : { ...scenario, tools };
  };
}

/** Data sets keep tools as an API takes them, in its wrapper: `{type: function, function: {...}}`. */
function unwrapped(tool: unknown): unknown {
  if (!isJsonObject(tool) || !isJsonObject(tool.function)) return tool;
  return tool.type === 'function' || Object.keys(tool).length === 1 ? tool.function : tool;
}
