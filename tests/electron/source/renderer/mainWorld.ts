import { createSide, deepFreeze } from './bridge.ts';

// Runs before any script of the page. The preload's side comes right after and hands over the element.
window.addEventListener(
  'electron-stand-in-handshake',
  (event) => {
    const element = (event as MouseEvent).relatedTarget as Element;
    event.stopImmediatePropagation();
    const side = createSide(element, 'from-page', 'from-preload', (request, decodeValue) => {
      if (request.op !== 'expose') return undefined;
      if (Object.hasOwn(window, request.key)) {
        throw new Error('Cannot bind an API on top of an existing property on the window object');
      }
      const value = decodeValue(request.value);
      deepFreeze(value);
      Object.defineProperty(window, request.key, { value, enumerable: true });
      return undefined;
    });
    const open = {
      open: (url?: string | URL, frameName?: string, features?: string) => {
        const text = url === undefined ? '' : String(url);
        side.request({
          op: 'open',
          url: text === '' ? 'about:blank' : new URL(text, document.baseURI).href,
          frameName: frameName === undefined ? '' : String(frameName),
          features: features === undefined ? '' : String(features),
        });
        return null;
      },
    }.open.bind(undefined);
    Object.defineProperty(open, 'name', { value: 'open', configurable: true });
    Object.defineProperty(open, 'length', { value: 0, configurable: true });
    Object.defineProperty(window, 'open', {
      value: open,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  },
  { once: true },
);
