// What `queue status` prints. Pure.
import type { ProviderQueue, QueueStatus, QueueWorker } from '../../core/queue-status.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount, formatCount, formatDuration, formatRate, formatTime } from '../../text/format.ts';
import { commandLines, type Step } from '../../text/next.ts';
import { type Column, type Row, renderTable, type TextOptions } from '../../text/table.ts';
import { wrapWords } from '../../text/wrap.ts';

export function queueStatusText(status: QueueStatus, options: TextOptions): string {
  const blocks = [headText(status, options)];
  if (status.queues.length > 0) blocks.push(renderTable(queuesTable(status.queues), options));
  if (status.workers.length > 0) blocks.push(renderTable(workersTable(status.workers), options));
  const told = troublesOf(status);
  if (told.length > 0) blocks.push(paragraphs(told, options));
  const steps = stepsOf(status);
  if (steps.length > 0) blocks.push(commandLines(steps, options));
  return blocks.join('\n');
}

function paragraphs(sentences: readonly string[], { columns }: TextOptions): string {
  return sentences.map((one) => `${wrapWords(sanitizeLine(one), { columns, indent: '  ' })}\n`).join('');
}

function headText(status: QueueStatus, options: TextOptions): string {
  const { server, coordinator, workers } = status;
  const version = server.version === null ? '' : ` ${server.version}`;
  const limit = server.max_bytes === null ? '' : ` of ${megabytes(server.max_bytes)}`;
  const memory = server.used_bytes === null ? '' : `, ${megabytes(server.used_bytes)}${limit} of memory`;
  const alive = workers.filter(isAlive);
  const busy = sum(alive.map((one) => one.busy));
  const perSecond = sum(alive.map(({ per_second }) => per_second ?? 0));
  const rate = perSecond === 0 ? '' : `, ${formatRate(perSecond)} since they began`;
  return paragraphs(
    [
      `${status.experiment} at ${server.url} (${server.software}${version}${memory})`,
      coordinator === null
        ? 'Nobody coordinates.'
        : `Coordinated by process ${coordinator.pid} on ${coordinator.host}, since ${formatTime(coordinator.since)} UTC.`,
      alive.length === 0
        ? 'No worker is here.'
        : `${formatAmount(alive.length, 'worker')}, ${formatAmount(busy, 'order')} under way${rate}.`,
    ],
    options,
  );
}

function queuesTable(queues: readonly ProviderQueue[]): {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
} {
  const numbers = ['waiting', 'oldest', 'under way', 'oldest', 'stalled'];
  return {
    columns: [
      { head: 'provider', shrinksTo: 10, cut: 'names' },
      ...numbers.map((head) => ({ head, align: 'right' as const })),
    ],
    rows: queues.map((one) => ({
      kind: 'cells' as const,
      cells: [
        one.provider,
        formatCount(one.waiting),
        formatDuration(one.oldest_waiting_ms),
        formatCount(one.active),
        formatDuration(one.oldest_active_ms),
        formatCount(one.stalled),
      ],
      tone: one.stalled > 0 ? ('bad' as const) : ('plain' as const),
    })),
  };
}

function workersTable(workers: readonly QueueWorker[]): {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
} {
  return {
    columns: [
      { head: 'worker', shrinksTo: 12, cut: 'names' },
      { head: 'takes', shrinksTo: 8 },
      { head: 'busy', align: 'right' },
      { head: 'done', align: 'right' },
      { head: 'rate', align: 'right' },
      { head: 'since (UTC)', shrinksTo: 8 },
    ],
    rows: workers.map((one) => ({
      kind: 'cells' as const,
      cells: [
        one.name,
        one.providers.join(' '),
        isAlive(one) ? `${formatCount(one.busy)} of ${formatCount(one.concurrency)}` : 'silent',
        formatCount(one.done),
        one.per_second === null || one.done === 0 ? '-' : formatRate(one.per_second),
        formatTime(one.since),
      ],
      tone: isAlive(one) ? ('plain' as const) : ('bad' as const),
    })),
  };
}

/** What does not go on by itself, or is not what it looks like. */
function troublesOf({ workers, queues, outcomes, surplus, coordinator }: QueueStatus): readonly string[] {
  const alive = workers.filter(isAlive);
  const stalled = sum(queues.map((one) => one.stalled));
  const silent = workers.length - alive.length;
  // Without any worker the head has said it.
  const untaken =
    alive.length === 0
      ? []
      : queues.filter(
          ({ provider, waiting }) =>
            waiting > 0 && !alive.some(({ providers }) => providers.includes(provider)),
        );
  const told: string[] = untaken.map(
    ({ provider, waiting }) =>
      `${formatAmount(waiting, 'order')} of provider ${provider}: no worker here takes them.`,
  );
  if (silent > 0) {
    told.push(
      `${formatAmount(silent, 'worker')} ${silent === 1 ? 'says' : 'say'} nothing any more: what ${silent === 1 ? 'it has' : 'they have'} begun is tried again.`,
    );
  }
  if (stalled > 0) {
    told.push(
      `${formatAmount(stalled, 'order')} under way that no worker here does: each fails as worker-lost, and is tried again.`,
    );
  }
  if (outcomes > 0 && coordinator === null) {
    told.push(
      `${formatAmount(outcomes, 'outcome')} that no record holds yet: the next run takes ${outcomes === 1 ? 'it' : 'them'}, and pays nothing again.`,
    );
  }
  if (surplus > 0) {
    told.push(
      `${formatAmount(surplus, 'outcome')} of attempts that had been taken for lost: ${surplus === 1 ? 'it is' : 'they are'} kept beside the record.`,
    );
  }
  return told;
}

function stepsOf({ workers, coordinator, queues, outcomes, surplus }: QueueStatus): readonly Step[] {
  const steps: Step[] = [];
  const holds = outcomes + surplus + sum(queues.map(({ waiting, active }) => waiting + active));
  if (coordinator === null)
    steps.push({
      command: 'npx expgraph run --executor queue --redis URL',
      does: holds > 0 ? 'takes over what is here' : 'begins',
    });
  if (!workers.some(isAlive))
    steps.push({ command: 'npx expgraph worker --redis URL', does: 'on each machine that shall work' });
  return steps;
}

function isAlive({ is_silent }: QueueWorker): boolean {
  return !is_silent;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function megabytes(bytes: number): string {
  return `${formatCount(Math.max(1, bytes / 1024 ** 2))} MB`;
}
