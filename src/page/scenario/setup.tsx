// What each arm is told and offered, of the others as what differs from the first; and what is expected of all.
import { sanitizeBlock, sanitizeLine } from '../../core/text.ts';
import type { ArmColumn, ScenarioScreen, ToolText } from '../../screens/scenario.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { useMemo } from '../base/preact.ts';
import { ChangedValues } from '../parts/calls.tsx';
import { Fold } from '../parts/fold.tsx';
import { TextOrDiff } from '../parts/text-diff.tsx';
import { diffTools, signatureOf, type ToolChange } from '../parts/tools-diff.ts';
import type { ReadingState } from './address.ts';
import { toggleSection } from './moves.ts';

type Props = {
  readonly screen: ScenarioScreen;
  readonly state: ReadingState;
  readonly query: URLSearchParams;
};

export function Setup({ screen, state, query }: Props) {
  const { arms } = screen;
  return (
    <div class="folds">
      <Fold
        summary={`System prompt and tools: ${setupWords(arms)}`}
        isOpen={state.open.has('setup')}
        toggle={() => toggleSection(query, state, 'setup')}
      >
        {() => (
          <div class="setup-arms">
            {arms.map((arm, n) => (
              <ArmSetup
                key={arm.variant}
                arm={arm}
                first={n === 0 || state.base.kind === 'none' ? null : arms[0]!}
              />
            ))}
          </div>
        )}
      </Fold>
      {screen.expect !== null && (
        <Fold
          summary="Expected"
          isOpen={state.open.has('expect')}
          toggle={() => toggleSection(query, state, 'expect')}
        >
          {() => <pre>{sanitizeBlock(JSON.stringify(screen.expect, null, 2))}</pre>}
        </Fold>
      )}
    </div>
  );
}

function setupWords(arms: readonly ArmColumn[]): string {
  const [first] = arms;
  if (first === undefined) return 'no arms';
  const isOther = (one: ArmColumn): boolean => one.system !== first.system;
  const prompts = arms.some(isOther) ? 'other prompts' : 'the same prompt';
  const others = arms.some((one) => diffTools(first.tools, one.tools).some(({ kind }) => kind !== 'same'));
  if (arms.length === 1) return formatAmount(first.tools.length, 'tool');
  return `${prompts}, ${others ? 'other tools' : sameTools(first.tools.length)}`;
}

function sameTools(count: number): string {
  if (count === 0) return 'no tools';
  return count === 1 ? 'the same tool' : `the same ${formatCount(count)} tools`;
}

function ArmSetup({ arm, first }: { readonly arm: ArmColumn; readonly first: ArmColumn | null }) {
  const isSame = first !== null && first.system === arm.system;
  return (
    <section aria-label={arm.variant}>
      <h3>{arm.variant}</h3>
      {isSame ? (
        <p class="remark">Same system prompt as {first.variant}.</p>
      ) : arm.system === null ? (
        <p class="remark">No system prompt.</p>
      ) : (
        <TextOrDiff from={first === null ? null : (first.system ?? '')} to={arm.system} />
      )}
      <Tools arm={arm} first={first} />
    </section>
  );
}

function Tools({ arm, first }: { readonly arm: ArmColumn; readonly first: ArmColumn | null }) {
  const changes = useMemo(
    () => (first === null ? null : diffTools(first.tools, arm.tools)),
    [first?.tools, arm.tools],
  );
  if (changes === null)
    return (
      <ul class="tools">
        {arm.tools.map((tool) => (
          <li key={tool.name}>
            <OneTool tool={tool} />
          </li>
        ))}
        {arm.tools.length === 0 && <li class="remark">No tools.</li>}
      </ul>
    );
  const same = changes.filter(({ kind }) => kind === 'same');
  return (
    <ul class="tools">
      {changes
        .filter(({ kind }) => kind !== 'same')
        .map((change) => (
          <li key={`${change.kind}${change.name}`}>
            <ChangedTool change={change} />
          </li>
        ))}
      {same.length > 0 && (
        <li class="remark">The same: {same.map(({ name }) => sanitizeLine(name)).join(', ')}.</li>
      )}
      {arm.tools.length === 0 && <li class="remark">No tools.</li>}
    </ul>
  );
}

function ChangedTool({ change: { kind, tool, changes } }: { readonly change: ToolChange }) {
  if (kind === 'changed')
    return (
      <>
        <span class="call-name">{sanitizeLine(tool.name)}</span>
        <ChangedValues changes={changes} />
      </>
    );
  return (
    <>
      <span class="call-word">{kind === 'added' ? 'only here' : 'not here'}</span>{' '}
      <span class="call-name">
        {kind === 'added' ? <ins>{sanitizeLine(tool.name)}</ins> : <del>{sanitizeLine(tool.name)}</del>}
        <Signature tool={tool} />
      </span>
      {kind === 'added' && <ToolWords tool={tool} />}
    </>
  );
}

function OneTool({ tool }: { readonly tool: ToolText }) {
  return (
    <>
      <ToolHead tool={tool} />
      <ToolWords tool={tool} />
    </>
  );
}

function ToolHead({ tool }: { readonly tool: ToolText }) {
  return (
    <span class="call-name">
      {sanitizeLine(tool.name)}
      <Signature tool={tool} />
    </span>
  );
}

function Signature({ tool }: { readonly tool: ToolText }) {
  return <span class="tool-signature">({sanitizeLine(signatureOf(tool))})</span>;
}

function ToolWords({ tool }: { readonly tool: ToolText }) {
  return (
    <>
      {tool.description !== null && <p class="muted tool-words">{sanitizeBlock(tool.description)}</p>}
      <details>
        <summary class="remark">parameters</summary>
        <pre>{sanitizeBlock(JSON.stringify(tool.parameters, null, 2))}</pre>
      </details>
    </>
  );
}
