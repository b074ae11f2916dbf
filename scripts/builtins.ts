// Modules of Node, taken as `require` takes them. An `import` of one reads each of its exports once, and some of these load
// what hardly anybody needs: `node:fs` the streams of files, which takes longer than to read all files of an experiment.
import { createRequire, isBuiltin } from 'node:module';
import type { Plugin } from 'rolldown';

const PREFIX = '\0node:';

/** `node:fs` = the module of the bundle that stands for it; null = no such. */
export function builtinNamed(id: string): string | null {
  return id.startsWith(PREFIX) ? id.slice(1) : null;
}

const require = createRequire(import.meta.url);
const IDENTIFIER = /^(?!(?:default|delete|export)$)[\w$]+$/;

export function builtins(): Plugin {
  return {
    name: 'builtins',
    resolveId(id, _, { kind }) {
      if (!isBuiltin(id)) return null;
      // `import()` and `require` take all of it: there is nothing to leave out.
      return kind === 'import-statement' ? `${PREFIX}${id.replace(/^node:/, '')}` : { id, external: true };
    },
    load(id) {
      const name = builtinNamed(id);
      if (name === null) return null;
      const names = Object.keys(require(name) as object).filter((one) => IDENTIFIER.test(one));
      const code = [
        `const whole = process.getBuiltinModule('${name}');`,
        'export default whole;',
        'const its = (name) => whole[name];',
        // What nobody uses is left out by the bundler, and is not read.
        ...names.map((one) => `export const ${one} = /* @__PURE__ */ its('${one}');`),
      ];
      return { code: code.join('\n'), moduleSideEffects: false };
    },
  };
}
