// src/page -> dist/page/page.js and page.css: what `expgraph view` serves, and what reports and review files have inside.
import path from 'node:path';
import { build } from 'vite';

const ROOT = path.join(import.meta.dirname, '..');

/** @returns paths of the files that were written, from dist/ */
export async function buildPage(): Promise<readonly string[]> {
  const written = await build({
    configFile: false,
    root: path.join(ROOT, 'src/page'),
    logLevel: 'error',
    build: {
      target: 'es2024',
      outDir: path.join(ROOT, 'dist/page'),
      emptyOutDir: false,
      // A file that works from disk has all of it in one script: there is nothing to load later.
      cssCodeSplit: false,
      modulePreload: false,
      rolldownOptions: {
        input: path.join(ROOT, 'src/page/main.tsx'),
        output: { entryFileNames: 'page.js', assetFileNames: 'page.[ext]', codeSplitting: false },
      },
    },
  });
  const outputs = Array.isArray(written) ? written : 'output' in written ? [written] : [];
  return outputs.flatMap(({ output }) => output.map(({ fileName }) => path.join('page', fileName)));
}
