// Rows of the tables by which commands are declared, where several have them.
export const JSON_ROW = '--json  as one JSON document';
const WAITS = 'wait for another command that uses the store instead of exit 4';
export const WAIT_ROW = `--wait  ${WAITS}`;
export const REPAIR_WAIT_ROW = `--wait  with --repair: ${WAITS}`;
export const FAIL_UNDER_ROW =
  '--fail-under <share>  exit 6 where fewer answers pass than this, 0.9 or 90% (beside the gate of the manifest)';
export const JUNIT_ROW = '--junit <file>  write a JUnit report of what is in scope to this file';
export const EVENTS_ROW =
  '--events <file>  append one JSON line per event to this file; -: to stdout, the table to stderr';
export const PATIENCE_ROW =
  '--wait-for-provider [time]  wait so long, or for ever, for a server that is not there yet (else 30s)';
export const METRIC_ROW =
  '--metric <metric>  what is compared (default: score)  { score pass tokens latency cost }';
export const UNBLIND_ROW =
  '--unblind  show what a blind review that is open withholds; its protocol says when and who';
export const OFFLINE_REMOTE_ROW =
  '--offline-remote  leave the remote alone: take nothing from it, give nothing to it';
export const BATCH_ROW =
  '--batch     in batches of the provider: half the price, up to a day (as execution.batch)';
export const NO_BATCH_ROW = '--no-batch  call by call, whatever execution.batch says';
export const EXECUTOR_ROW =
  '--executor <kind>  who does the work: this process, or workers that take it over a queue  { local queue }  = local';
export const REDIS_ROW =
  '--redis <url>  address of the queue: redis://HOST:6379, rediss://USER:PASSWORD@HOST (or EXPGRAPH_REDIS_URL)';
