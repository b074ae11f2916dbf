// A drawing as plain data: a page makes elements of it, a file that is read without script its text. Pure.
import { escapeHtml } from '../../text/sheet-escape.ts';

export type SvgNode = {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (SvgNode | string)[];
};

export function node(
  tag: string,
  attributes: SvgNode['attributes'],
  children: SvgNode['children'] = [],
): SvgNode {
  return { tag, attributes, children };
}

/** Text of others stays text. */
export function svgText({ tag, attributes, children }: SvgNode): string {
  const given = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeHtml(String(value))}"`);
  const inner = children.map((child) => (typeof child === 'string' ? escapeHtml(child) : svgText(child)));
  return `<${tag}${given.join('')}>${inner.join('')}</${tag}>`;
}

/** A tenth of a pixel is seen by nobody. */
export function px(value: number): number {
  return Math.round(value * 10) / 10;
}

export function lineNode(
  className: string,
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
): SvgNode {
  return node('line', { class: className, x1: px(x1), y1: px(y1), x2: px(x2), y2: px(y2) });
}
