import { dirname } from 'node:path';
import { build, type Configuration } from 'electron-builder';
import { electronExecutable } from '../tests/electron/locate.ts';
import { bundle } from './bundle.ts';
import { ROOT } from './steps.ts';

/**
 * `npm run dist`: the unpacked app with its asar, from real Electron where its binary is present, from the stand-in
 * otherwise. Fuses are set only where there is a real binary to set them in.
 */
const electron = await electronExecutable();
await bundle();
const standIn: Configuration = { electronDist: dirname(electron.path), electronFuses: null };
process.env.CSC_IDENTITY_AUTO_DISCOVERY = 'false';
await build({
  projectDir: process.env.SOAN_DIST_PROJECT ?? ROOT,
  // The bundles hold everything: there are no modules to collect.
  config: {
    extends: 'electron-builder.yml',
    beforeBuild: async () => false,
    ...(electron.kind === 'stand-in' ? standIn : {}),
  },
  dir: true,
  publish: 'never',
});
