// Asks an HTTP target as promptfoo does: {{prompt}} and the variables are filled into the body, and the answer is found in the JSON
// that comes back. The task comes as JSON on stdin, the result goes as JSON to stdout.
import { stdin } from 'node:process';
import { text } from 'node:stream/consumers';

const task = JSON.parse(await text(stdin));
const { url, method, headers, body, answer } = JSON.parse(process.argv[2]);
const [message] = task.messages;
const prompt = task.messages.length === 1 && message.role === 'user' ? message.content : JSON.stringify(task.messages);
const known = { ...task.scenario.vars, prompt };

/** A name alone is its value, as it is; within a text it is put in. `{{env.NAME}}` is read when it is asked. */
function filled(value) {
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, filled(held)]));
  if (typeof value !== 'string') return value;
  const alone = /^\{\{\s*([\w-]+)\s*\}\}$/.exec(value);
  if (alone) return known[alone[1]] ?? '';
  return value.replace(/\{\{\s*(env\.)?([\w-]+)\s*\}\}/g, (_, env, name) => (env ? process.env[name] : known[name]) ?? '');
}

const sent = filled(body);
const response = await fetch(filled(url), {
  method,
  headers: { ...(typeof sent === 'object' ? { 'content-type': 'application/json' } : {}), ...filled(headers) },
  ...(sent === undefined || sent === null ? {} : { body: typeof sent === 'string' ? sent : JSON.stringify(sent) }),
  signal: AbortSignal.timeout(task.timeout_ms),
});
const came = await response.text();
if (!response.ok) {
  const retryable = response.status === 429 || response.status >= 500;
  console.log(JSON.stringify({ error: { message: `${response.status}: ${came.slice(0, 500)}`, retryable } }));
} else {
  let found = came;
  if (answer !== null) {
    found = JSON.parse(came);
    for (const step of answer) found = found?.[step];
  }
  console.log(JSON.stringify({ text: typeof found === 'string' ? found : JSON.stringify(found ?? '') }));
}
