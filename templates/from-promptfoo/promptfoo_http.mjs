// Asks an HTTP target as promptfoo does: {{prompt}} and the variables are filled in, and the answer is found in the JSON that comes
// back. The task comes as JSON on stdin, the result goes as JSON to stdout.
import { stdin } from 'node:process';
import { text } from 'node:stream/consumers';

const task = JSON.parse(await text(stdin));
const { url, method, headers, query = {}, body, answer } = JSON.parse(process.argv[2]);
const [message] = task.messages;
const prompt =
  task.messages.length === 1 && message.role === 'user' && typeof message.content === 'string'
    ? message.content
    : JSON.stringify(task.messages);
// A variable called so is the scenario's own.
const { input, id, category, vars } = task.scenario;
const known = { input, id, category, ...vars, prompt };

/** `{{env.NAME}}` is read when it is asked. */
function said(isEnv, name) {
  const all = isEnv ? process.env : known;
  const value = (Object.hasOwn(all, name) ? all[name] : null) ?? '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function filled(written, escaped = (value) => value) {
  return String(written).replace(/\{\{-?\s*(env\.)?([\w-]+?)\s*-?\}\}/g, (_, env, name) =>
    escaped(said(env !== undefined, name)),
  );
}

function filledMap(map) {
  return Object.entries(map).map(([name, value]) => [name, filled(value)]);
}

/** In a body of JSON; a text that is JSON itself, as a prompt of several messages is, becomes what it says. */
function filledJson(value) {
  if (Array.isArray(value)) return value.map(filledJson);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, filledJson(held)]));
  if (typeof value !== 'string') return value;
  const whole = filled(value);
  const inner = /^\s*[[{]/.test(whole) ? parsed(whole) : undefined;
  return inner === undefined ? whole : inner;
}

/** undefined: it is no JSON. */
function parsed(written) {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

/** A text that is a template of JSON: values are put between its quotes, where they have to be escaped. */
function jsonText(template) {
  const map = parsed(template);
  if (map !== undefined) return JSON.stringify(filledJson(map));
  const plain = filled(template);
  return parsed(plain) !== undefined || !/^\s*[[{]/.test(plain)
    ? plain
    : filled(template, (value) => JSON.stringify(value).slice(1, -1));
}

async function ask() {
  const verb = filled(method).toUpperCase();
  const target = new URL(filled(url));
  for (const [name, value] of filledMap(query)) target.searchParams.append(name, value);
  const sent = new Headers(filledMap(headers));
  const isMap = typeof body === 'object' && body !== null;
  const hasBody = body !== null && body !== undefined && verb !== 'GET' && verb !== 'HEAD';
  if (hasBody && isMap && !sent.has('content-type')) sent.set('content-type', 'application/json');
  const isJson = /json/i.test(sent.get('content-type') ?? '');
  const data = isMap
    ? JSON.stringify(filledJson(body))
    : isJson
      ? jsonText(String(body))
      : filled(body).trim();
  const response = await fetch(target, {
    method: verb,
    headers: sent,
    ...(hasBody ? { body: data } : {}),
    signal: AbortSignal.timeout(task.timeout_ms),
  });
  const came = await response.text();
  if (!response.ok)
    return failed(
      `${response.status}: ${came.slice(0, 500)}`,
      response.status === 429 || response.status >= 500,
    );
  if (answer === null) return { text: came };
  let found = parsed(came);
  if (found === undefined) return failed(`the answer is no JSON: ${came.slice(0, 500)}`, false);
  for (const step of answer) found = found?.[step];
  if (found === undefined || found === null)
    return failed(`the answer has no json.${answer.join('.')}: ${came.slice(0, 500)}`, false);
  return { text: typeof found === 'string' ? found : JSON.stringify(found) };
}

function failed(why, retryable) {
  return { error: { message: why, retryable } };
}

// Nobody there, a connection that broke, a time that is up: worth another try. A URL or a header that is none is not.
const result = await ask().catch((cause) =>
  failed(
    `${cause.message}${cause.cause?.message ? `: ${cause.cause.message}` : ''}`,
    cause.name === 'TimeoutError' || cause.cause !== undefined,
  ),
);
console.log(JSON.stringify(result));
