import { titleText } from '../../../../domain/document/index.ts';
import { newId, startEngine } from './desk.ts';
import { openText } from './writing.ts';

/** Writes word after word and names each one that was acknowledged, until it is killed. */
const [, , userData, articleId, round] = process.argv;
if (userData === undefined || articleId === undefined) throw new Error('arguments');
const { window } = await startEngine({ userData, fetch: () => Promise.reject(new TypeError('no network')) });
const text = await openText(window, articleId);
for (let n = 0; ; n += 1) {
  const word = `r${round}w${n}`;
  await text.write((doc) => titleText(doc).insert(titleText(doc).length, ` ${word}`), newId(`u${round}`));
  process.send?.(word);
}
