import Module, { registerHooks } from 'node:module';

const url = 'electron-stand-in:module';
const slot = Symbol.for('electron-stand-in.module');

type Load = (request: string, parent: unknown, isMain: boolean) => unknown;

/** Makes `require('electron')` and `import … from 'electron'` answer with `module`. */
export function answerRequire(module: object): void {
  Object.defineProperty(globalThis, slot, { value: module });
  const names = new Set(['electron', 'electron/main', 'electron/common', 'electron/utility']);
  const internals = Module as unknown as { _load: Load };
  const load = internals._load;
  internals._load = function (this: unknown, request, parent, isMain) {
    return names.has(request) ? module : load.call(this, request, parent, isMain);
  };
  const exported = Object.keys(module)
    .map((name) => `export const ${name} = electron[${JSON.stringify(name)}];`)
    .join('\n');
  const source = `const electron = globalThis[Symbol.for('electron-stand-in.module')];\nexport default electron;\n${exported}`;
  registerHooks({
    resolve: (specifier, context, next) =>
      names.has(specifier) ? { url, format: 'module', shortCircuit: true } : next(specifier, context),
    load: (target, context, next) =>
      target === url ? { format: 'module', source, shortCircuit: true } : next(target, context),
  });
}
