import { text } from 'node:stream/consumers';
import { words } from './words.mjs';

const { scenario } = JSON.parse(await text(process.stdin));
console.log(JSON.stringify({ text: words(scenario.input) }));
