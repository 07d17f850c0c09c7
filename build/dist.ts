import { dirname } from 'node:path';
import { electronExecutable } from '../tests/electron/locate.ts';
import { ensureSystemPackages } from '../tests/electron/systemPackages.ts';
import { bundle } from './bundle.ts';
import { run, toolEnvironment } from './steps.ts';

/**
 * `npm run dist`: the unpacked app with its asar, from real Electron where its binary is present, from the stand-in
 * otherwise. Fuses are set by `electron-builder.yml` only where there is a real binary to set them in.
 */
ensureSystemPackages();
const electron = await electronExecutable();
await bundle();
const standIn = ['--config.electronFuses=null', `--config.electronDist=${dirname(electron.path)}`];
const args = [
  '--dir',
  '--publish',
  'never',
  ...(electron.kind === 'stand-in' ? standIn : []),
  ...process.argv.slice(2),
];
process.exitCode = await run('electron-builder', args, {
  env: toolEnvironment({ CSC_IDENTITY_AUTO_DISCOVERY: 'false' }),
});
