// Runs a program as promptfoo's exec provider does: the prompt, the options and the context are its last three arguments, and what
// it prints is the answer. The task comes as JSON on stdin, the result goes as JSON to stdout.
import { spawn } from 'node:child_process';
import { stdin } from 'node:process';
import { text } from 'node:stream/consumers';

const task = JSON.parse(await text(stdin));
const [config, program, ...words] = process.argv.slice(2);
const [message] = task.messages;
const prompt =
  task.messages.length === 1 && message.role === 'user' && typeof message.content === 'string'
    ? message.content
    : JSON.stringify(task.messages);
const options = JSON.stringify({ config: JSON.parse(config) });
// A variable called input is the scenario's own.
const context = JSON.stringify({ vars: { input: task.scenario.input, ...task.scenario.vars } });

const child = spawn(program, [...words, prompt, options, context], { stdio: ['ignore', 'pipe', 'inherit'] });
const [printed, code] = await Promise.all([
  text(child.stdout),
  new Promise((resolve, reject) => child.on('close', resolve).on('error', reject)),
]);
if (code !== 0) process.exit(code ?? 1);
console.log(JSON.stringify({ text: printed.trim() }));
