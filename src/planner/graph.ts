// The plan as a graph for people: contents on the left, tasks on the right, pending ones marked.
import type { Plan, Task } from '../core/task.ts';

/** Mermaid flowchart. Names are hostile: they are quoted and their markup is escaped. */
export function toMermaid(plan: Plan): string {
  const graph = nodesOf(plan);
  const lines = ['flowchart LR'];
  for (const node of graph.sources) lines.push(`  ${node.id}[/"${mermaidText(node.label)}"/]`);
  for (const node of graph.tasks) lines.push(`  ${node.id}["${mermaidText(node.label)}"]:::${node.state}`);
  for (const edge of graph.edges) lines.push(`  ${edge.from} --> ${edge.to}`);
  lines.push('  classDef cached fill:#e8f5e9,stroke:#2e7d32');
  lines.push('  classDef shared fill:#e3f2fd,stroke:#1565c0');
  lines.push('  classDef pending fill:#fff3e0,stroke:#e65100,stroke-width:2px');
  return `${lines.join('\n')}\n`;
}

/** Graphviz. */
export function toDot(plan: Plan): string {
  const graph = nodesOf(plan);
  const fill = { cached: '#e8f5e9', shared: '#e3f2fd', pending: '#fff3e0' };
  const lines = [
    `digraph ${dotText(plan.experiment)} {`,
    '  rankdir=LR;',
    '  node [shape=box, style=filled];',
  ];
  for (const node of graph.sources) {
    lines.push(`  ${node.id} [label=${dotText(node.label)}, shape=note, fillcolor="#ffffff"];`);
  }
  for (const node of graph.tasks) {
    lines.push(`  ${node.id} [label=${dotText(node.label)}, fillcolor="${fill[node.state]}"];`);
  }
  for (const edge of graph.edges) lines.push(`  ${edge.from} -> ${edge.to};`);
  lines.push('}');
  return `${lines.join('\n')}\n`;
}

type Graph = {
  readonly sources: readonly { readonly id: string; readonly label: string }[];
  readonly tasks: readonly {
    readonly id: string;
    readonly label: string;
    readonly state: Task['state']['kind'];
  }[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
};

function nodesOf(plan: Plan): Graph {
  const variants = new Map<string, string>();
  const scenarios = new Map<string, string>();
  const tasks: { id: string; label: string; state: Task['state']['kind'] }[] = [];
  const edges: { from: string; to: string }[] = [];
  for (const task of plan.tasks) {
    const variant = idOf({ ids: variants, prefix: 'v', name: task.variant });
    const scenario = idOf({ ids: scenarios, prefix: 's', name: task.scenario });
    const id = `t${tasks.length}`;
    const why = task.state.kind === 'pending' ? `${task.state.reason.kind}` : task.state.kind;
    tasks.push({
      id,
      label: `${task.variant} · ${task.scenario} · run ${task.run} (${why})`,
      state: task.state.kind,
    });
    edges.push({ from: variant, to: id }, { from: scenario, to: id });
  }
  const sources = [
    ...[...variants].map(([name, id]) => ({ id, label: `variant ${name}` })),
    ...[...scenarios].map(([name, id]) => ({ id, label: `scenario ${name}` })),
  ];
  return { sources, tasks, edges };
}

function idOf(input: {
  readonly ids: Map<string, string>;
  readonly prefix: string;
  readonly name: string;
}): string {
  const known = input.ids.get(input.name);
  if (known) return known;
  const id = `${input.prefix}${input.ids.size}`;
  input.ids.set(input.name, id);
  return id;
}

/** Mermaid's own entity form: `#34;` and so on; everything that could be markup or a line end becomes one. */
function mermaidText(text: string): string {
  return text.replace(/["#<>&`\\;{}[\]|\p{Cc}]/gu, (mark) => `#${mark.codePointAt(0)};`);
}

function dotText(text: string): string {
  return `"${text.replace(/\p{Cc}/gu, ' ').replace(/[\\"]/g, (mark) => `\\${mark}`)}"`;
}
