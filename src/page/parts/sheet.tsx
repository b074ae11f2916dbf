// Blocks of a sheet on the page: tables, sentences and lists, as the command line prints them.
import type { SheetBlock } from '../../screens/sheet-block.ts';
import type { Column, Row } from '../../text/layout.ts';
import './sheet.css';

export function Sheet({ blocks }: { readonly blocks: readonly SheetBlock[] }) {
  return (
    <>
      {blocks.map((block, i) => (
        <SheetPart key={i} block={block} />
      ))}
    </>
  );
}

function SheetPart({ block }: { readonly block: SheetBlock }) {
  switch (block.kind) {
    case 'title':
      return <h2>{block.text}</h2>;
    case 'table':
      return (
        <section class="sheet-part">
          {block.head !== null && <h3>{block.head}</h3>}
          <Table
            label={block.head ?? block.columns[0]?.head ?? 'numbers'}
            columns={block.columns}
            rows={block.rows}
          />
        </section>
      );
    case 'sentences':
      return (
        <section class={`sheet-part sheet-${block.tone}`}>
          {block.head !== null && <h3>{block.head}</h3>}
          {block.sentences.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </section>
      );
    case 'list':
      return (
        <section class="sheet-part">
          <h3>{block.head}</h3>
          <ul>
            {block.items.map(({ name, note }) => (
              <li key={`${name} ${note}`}>
                <code>{name}</code> {note}
              </li>
            ))}
            {block.more > 0 && <li>and {block.more} more</li>}
          </ul>
        </section>
      );
  }
}

/** Wider than the page it is moved aside in its own room, which the keys reach. */
export function Table({
  label,
  columns,
  rows,
}: {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}) {
  const side = (i: number): string | undefined => (columns[i]?.align === 'right' ? 'num' : undefined);
  return (
    <section
      class="wide"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
      tabIndex={0}
      aria-label={oneLine(label)}
    >
      <table class="data">
        <thead>
          <tr>
            {columns.map(({ head }, i) => (
              <th key={`${i} ${head}`} scope="col" class={side(i)}>
                {oneLine(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <TableRow key={`${i}`} row={row} columns={columns.length} side={side} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function TableRow({
  row,
  columns,
  side,
}: {
  readonly row: Row;
  readonly columns: number;
  readonly side: (i: number) => string | undefined;
}) {
  if (row.kind === 'rule') return null;
  if (row.kind !== 'cells')
    return (
      <tr class="muted">
        <td colSpan={columns}>{row.text}</td>
      </tr>
    );
  return (
    <tr class={`tone-${row.tone ?? 'plain'}`}>
      {row.cells.map((cell, i) =>
        i === 0 ? (
          <th key={`${i}`} scope="row" class={cell.startsWith(' ') ? 'inner' : undefined}>
            {cell}
          </th>
        ) : (
          <td key={`${i}`} class={cell.length > LONG ? 'long' : side(i)}>
            {cell}
          </td>
        ),
      )}
    </tr>
  );
}

/** A text in a table is read over several lines; numbers are not. */
const LONG = 40;

function oneLine(head: string): string {
  return head.replace('/\n', '/').replace('\n', ' ');
}
