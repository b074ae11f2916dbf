// Modules of Node, taken as `require` takes them. An `import` of one reads each of its exports once, and some of these load
// what hardly anybody needs: `node:fs` the streams of files, which takes longer than to read all files of an experiment.
import { createRequire, isBuiltin } from 'node:module';
import type { Plugin } from 'rolldown';

const PREFIX = '\0node:';
/** The same for a package that is CommonJS: it takes all of a module, by `require`, which modules have not. */
const REQUIRED = '\0required:';

/** `node:fs` = the module of the bundle that stands for it; null = no such. */
export function builtinNamed(id: string): string | null {
  if (id.startsWith(REQUIRED)) return `node:${id.slice(REQUIRED.length)}`;
  return id.startsWith(PREFIX) ? id.slice(1) : null;
}

/** What most commands never call, though they load what would: it takes longer to load than all of the command line. */
const CALLED_LATE = ['child_process'];

const require = createRequire(import.meta.url);
const IDENTIFIER = /^(?!(?:default|delete|export)$)[\w$]+$/;

export function builtins(): Plugin {
  return {
    name: 'builtins',
    resolveId(id, _, { kind }) {
      if (!isBuiltin(id)) return null;
      const name = id.replace(/^node:/, '');
      if (kind === 'require-call') return `${REQUIRED}${name}`;
      // `import()` takes all of it: there is nothing to leave out.
      return kind === 'import-statement' ? `${PREFIX}${name}` : { id, external: true };
    },
    load(id) {
      const name = builtinNamed(id);
      if (name === null) return null;
      if (id.startsWith(REQUIRED)) return `module.exports = process.getBuiltinModule('${name}');`;
      const names = Object.keys(require(name) as object).filter((one) => IDENTIFIER.test(one));
      const code = [
        ...(CALLED_LATE.includes(name.slice('node:'.length)) ? lateLines(name) : linesNow(name)),
        // What nobody uses is left out by the bundler, and is not read.
        ...names.map((one) => `export const ${one} = /* @__PURE__ */ its('${one}');`),
      ];
      return { code: code.join('\n'), moduleSideEffects: false };
    },
  };
}

/** Node 22 says when it is loaded that it may change: nothing that whoever runs an experiment could act on. */
const WARNED_OF = ['node:sqlite'];

function linesNow(name: string): readonly string[] {
  const taken = `const whole = process.getBuiltinModule('${name}');`;
  return [
    ...(WARNED_OF.includes(name)
      ? [
          'const { emitWarning } = process;',
          'process.emitWarning = () => {};',
          taken,
          'process.emitWarning = emitWarning;',
        ]
      : [taken]),
    'export default whole;',
    'const its = (name) => whole[name];',
  ];
}

/** Stands for each of its functions, and for what they have (`util.promisify` asks), until one is called. */
function lateLines(name: string): readonly string[] {
  return [
    `const whole = () => process.getBuiltinModule('${name}');`,
    'export default new Proxy({}, {',
    '  get: (_, name) => whole()[name],',
    '  set: (_, name, value) => Reflect.set(whole(), name, value),',
    '});',
    'const its = (name) => new Proxy(() => {}, {',
    '  apply: (_, self, args) => Reflect.apply(whole()[name], self, args),',
    '  get: (_, key) => whole()[name][key],',
    '});',
  ];
}
