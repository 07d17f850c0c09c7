/** Thrown for every part of Electron that the stand-in does not have. */
export class NotInStandInError extends Error {
  override name = 'NotInStandInError';
  constructor(what: string) {
    super(`the Electron stand-in has no ${what}; add it to tests/electron or test it on real Electron`);
  }
}

const askedByTools = new Set([
  'then',
  'toJSON',
  '__esModule',
  'default',
  'inspect',
  'domain',
  'constructor',
  'asymmetricMatch',
  'nodeType',
  'tagName',
  '$$typeof',
]);

/** An object that throws {@link NotInStandInError} where a missing member would read as `undefined`. */
export function strict<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get(object, key, receiver) {
      if (typeof key === 'string' && !(key in object) && !askedByTools.has(key) && !key.startsWith('_')) {
        throw new NotInStandInError(`${name}.${key}`);
      }
      return Reflect.get(object, key, receiver) as unknown;
    },
  });
}
