import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file that public pages load, with an address that changes with its content. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

const VIETNAMESE =
  'U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB';
const LATIN =
  'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD';

const UI = (script: string, weight: number) =>
  `@fontsource/be-vietnam-pro/files/be-vietnam-pro-${script}-${weight}-normal.woff2`;
const CONTENT = (script: string, style: string) =>
  `@fontsource-variable/source-serif-4/files/source-serif-4-${script}-wght-${style}.woff2`;

const SCRIPTS = [
  ['latin', LATIN],
  ['vietnamese', VIETNAMESE],
] as const;

const FACES = SCRIPTS.flatMap(([script, range]) => [
  ...[400, 500, 600].map((weight) => ({
    family: 'Be Vietnam Pro',
    file: UI(script, weight),
    weight: String(weight),
    style: 'normal',
    range,
  })),
  ...['normal', 'italic'].map((style) => ({
    family: 'Source Serif 4',
    file: CONTENT(script, style),
    weight: '200 900',
    style,
    range,
  })),
]);

interface Assets {
  readonly stylePath: string;
  readonly adminStylePath: string;
  readonly byPath: ReadonlyMap<string, Asset>;
}

let loaded: Promise<Assets> | undefined;

/** Reads the style sheets and the fonts once. Every asset by its path, and the paths of the style sheets. */
export function loadAssets(): Promise<Assets> {
  loaded ??= readAssets();
  return loaded;
}

async function readAssets(): Promise<Assets> {
  const byPath = new Map<string, Asset>();
  const add = (name: string, type: string, body: Buffer): string => {
    const digest = createHash('sha256').update(body).digest('hex').slice(0, 12);
    const path = `/assets/${name.replace(/\.(\w+)$/, `.${digest}.$1`)}`;
    byPath.set(path, { path, type, body });
    return path;
  };
  const faces = await Promise.all(
    FACES.map(async ({ family, file, weight, style, range }) => {
      const body = await readFile(fileURLToPath(import.meta.resolve(file)));
      const path = add(file.slice(file.lastIndexOf('/') + 1), 'font/woff2', body);
      return (
        `@font-face { font-family: "${family}"; font-weight: ${weight}; font-style: ${style}; font-display: swap; ` +
        `src: url(${path}) format("woff2"); unicode-range: ${range}; }`
      );
    }),
  );
  const addStyle = async (file: string): Promise<string> => {
    const css = await readFile(new URL(file, import.meta.url), 'utf8');
    return add(basename(file), 'text/css; charset=utf-8', Buffer.from(`${faces.join('\n')}\n${css}`));
  };
  const [stylePath, adminStylePath] = [await addStyle('./site.css'), await addStyle('../admin/admin.css')];
  return { stylePath, adminStylePath, byPath };
}
