import { canonicalise } from './canonical.ts';
import { compareLines, restyleAll } from './compareLines.ts';
import { compareWords } from './compareWords.ts';
import { stableJson } from './stableJson.ts';
import type {
  ArticleContent,
  ComparedLine,
  Comparison,
  ContentFile,
  FieldChange,
  FieldValue,
  FileChange,
} from './types.ts';

export { compareWords } from './compareWords.ts';

const sameJson = (a: unknown, b: unknown): boolean => stableJson(a) === stableJson(b);

function fieldChange(id: string, before: FieldValue | null, after: FieldValue | null): FieldChange[] {
  if (sameJson(before, after)) return [];
  const areTexts = typeof before === 'string' && typeof after === 'string';
  return [{ id, before, after, ...(areTexts ? { words: compareWords(before, after) } : {}) }];
}

function compareFields(before: ArticleContent, after: ArticleContent): FieldChange[] {
  const ids = [...new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])].sort();
  const fieldOf = (content: ArticleContent, id: string) =>
    Object.hasOwn(content.fields, id) ? (content.fields[id] ?? null) : null;
  return [
    ...fieldChange('meta.categoryId', before.meta.categoryId, after.meta.categoryId),
    ...fieldChange('meta.language', before.meta.language, after.meta.language),
    ...fieldChange('title', before.title, after.title),
    ...fieldChange('summary', before.summary, after.summary),
    ...ids.flatMap((id) => fieldChange(`field:${id}`, fieldOf(before, id), fieldOf(after, id))),
  ];
}

function fileChange(before: ContentFile, after: ContentFile): FileChange[] {
  if (before.sha256 !== after.sha256) return [{ kind: 'replaced', before, after }];
  return sameJson(before, after) ? [] : [{ kind: 'described', before, after }];
}

function compareFiles(before: readonly ContentFile[], after: readonly ContentFile[]): FileChange[] {
  const old = new Map(before.map((file) => [file.id, file]));
  const kept = new Set(after.map((file) => file.id));
  return [
    ...after.flatMap((file): FileChange[] => {
      const previous = old.get(file.id);
      return previous === undefined ? [{ kind: 'added', after: file }] : fileChange(previous, file);
    }),
    ...before
      .filter((file) => !kept.has(file.id))
      .map((file): FileChange => ({ kind: 'removed', before: file })),
  ];
}

const isChange = (line: ComparedLine): boolean => line.kind !== 'same';

/**
 * The readable difference between two contents, as data for the screen: fields, files, and the body
 * line by line with word runs. `equal` is exact: it is true only if the canonical forms are the same.
 */
export function compareContents(before: ArticleContent, after: ArticleContent): Comparison {
  const equal = canonicalise(before) === canonicalise(after);
  if (equal) return { equal, count: 0, fields: [], files: [], lines: [] };
  const fields = compareFields(before, after);
  const files = compareFiles(before.files, after.files);
  let lines = sameJson(before.body, after.body) ? [] : compareLines(before.body, after.body);
  if (lines.length > 0 && !lines.some(isChange)) lines = restyleAll(lines);
  return { equal, count: fields.length + files.length + lines.filter(isChange).length, fields, files, lines };
}
