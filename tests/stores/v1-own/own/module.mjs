import { words } from './words.mjs';

export default { run: ({ scenario }) => words(scenario.input) };
