// @vitest-environment jsdom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { beforeAll, describe, expect, it } from 'vitest';
import en from '../../../assets/strings/en.json' with { type: 'json' };
import vi from '../../../assets/strings/vi.json' with { type: 'json' };
import type { DeskRow } from '../../../domain/contracts/desk.ts';
import { startI18n } from '../../../renderer/app/i18n.ts';
import { type Format, useFormat } from '../../../renderer/app/useFormat.ts';
import { type DueWords, useDueWords } from '../../../renderer/ui/DueChip.tsx';

let dueWords: DueWords;
let format: Format;
function Probe() {
  dueWords = useDueWords();
  format = useFormat();
  return null;
}
let speak: (language: 'vi' | 'en') => Promise<void>;
beforeAll(async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  const i18n = startI18n();
  const root = createRoot(document.createElement('div'));
  await act(async () => root.render(<Probe />));
  speak = (language) => act(async () => void (await i18n.changeLanguage(language)));
});

const row = (code: DeskRow['dueStatus']['code'], workingDays: number) => ({
  due: null,
  dueStatus: { code, workingDays },
});

describe.each([
  ['vi', vi],
  ['en', en],
] as const)('in %s', (language, words) => {
  it('what is past its day by no working day yet has no number', async () => {
    await speak(language);
    expect(dueWords(row('late', 0))).toEqual({ text: words.due.lateNow, tone: 'late' });
    expect(dueWords(row('late', -1)).text).toContain('1');
    expect(dueWords(row('today', 0)).text).toBe(words.due.today);
  });

  it('days and moments of another year say which', async () => {
    await speak(language);
    const year = new Date(Date.now() + 7 * 3_600_000).getUTCFullYear();
    expect(format.nearDay(`${year}-08-28`)).not.toContain(String(year));
    expect(format.nearDay(`${year - 9}-08-28`)).toContain(String(year - 9));
    expect(format.moment(Date.UTC(year - 1, 5, 15, 3))).toBe(format.day(`${year - 1}-06-15`));
  });
});
