import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import type { PreloadSettings } from '../renderer/isolatedWorld.ts';

export const worldName = 'electron-stand-in-preload';
export const bindingName = 'electronStandInNative';
export const deliverName = 'electronStandInDeliver';

const parameters = 'require, module, exports, process, global, setImmediate, clearImmediate';

/** The script that every new document of a window runs in the page's own world, before the page's scripts. */
export function mainWorldSource(library: string): string {
  return `if (window === window.top) { ${fs.readFileSync(path.join(library, 'mainWorld.js'), 'utf8')}\n }`;
}

/**
 * The script for the isolated world: the stand-in's part, then the app's preload bundle.
 * `problem` is set when the preload can't be one CommonJS script (missing file, `import`, syntax error).
 */
export function isolatedWorldSource(
  library: string,
  settings: PreloadSettings,
): { source: string; problem: Error | undefined } {
  const world = fs.readFileSync(path.join(library, 'isolatedWorld.js'), 'utf8');
  let preload = '';
  let problem: Error | undefined;
  if (settings.preloadPath) {
    try {
      preload = fs.readFileSync(settings.preloadPath, 'utf8');
      new vm.Script(`(function (${parameters}) {${preload}\n})`, { filename: settings.preloadPath });
    } catch (error) {
      problem = error instanceof Error ? error : new Error(String(error));
      const text = JSON.stringify(`${problem.name}: ${problem.message}`);
      preload = `throw new Error(${text})`;
    }
  }
  const source = `if (window === window.top) (() => { ${world}
standInWorld.start(${JSON.stringify(settings)}, function (${parameters}) {${preload}
}); })()`;
  return { source, problem };
}
