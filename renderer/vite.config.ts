import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** React Aria ships its few sentences in 34 languages; the window says them itself (`ui/ariaStrings.ts`). */
const onlyEnglishOfReactAria = (): Plugin => ({
  name: 'soan:react-aria-locales',
  enforce: 'pre',
  load(id) {
    if (/react-(?:aria|stately)\/.*\/intl\/[\w-]+\/(?!en-US)[a-z]{2}-[A-Z]{2}\.m?js$/.test(id))
      return 'export default undefined;';
    return null;
  },
});

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [onlyEnglishOfReactAria(), react()],
  build: {
    outDir: fileURLToPath(new URL('../dist/renderer', import.meta.url)),
    emptyOutDir: true,
    target: 'chrome140',
    cssTarget: 'chrome140',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
  },
});
