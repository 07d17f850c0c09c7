import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { isDate } from '../../../domain/deadlines/dates.ts';
import type {
  BodyLine,
  ComparedLine,
  Comparison,
  FieldChange,
  FieldValue,
  FileChange,
  WordRun,
} from '../../../domain/document/index.ts';
import { useFormat } from '../../app/useFormat.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { MoveVertical } from '../../ui/icons.ts';
import { fieldLabelOf } from '../decisions/index.ts';
import { useFieldValue } from './fieldValue.ts';

/** Changes a person steps through: fields, files, and lines that are not the same. */
export const countChanges = (comparison: Comparison): number =>
  comparison.fields.length +
  comparison.files.length +
  comparison.lines.filter((line) => line.kind !== 'same').length;

/** The difference of two texts as a person reads it: first fields and files, then the body with what stayed folded. */
export function ComparisonView({
  comparison,
  categoryId,
  before,
  after,
  current,
  lang,
}: {
  readonly comparison: Comparison;
  readonly categoryId: string;
  readonly before: string;
  readonly after: string;
  /** Number of the change being looked at, from 1. */
  readonly current: number;
  readonly lang: 'vi' | 'en';
}) {
  const { t } = useTranslation();
  const { fields, files, lines } = comparison;
  if (comparison.equal) return <p className="muted">{t('compare.equal')}</p>;
  return (
    <>
      {fields.length + files.length > 0 && (
        <>
          <h2 className="group-title">{t('compare.fieldsAndFiles')}</h2>
          <table className="field-changes">
            <thead>
              <tr>
                <th scope="col">{t('compare.field')}</th>
                <th scope="col">{before}</th>
                <th scope="col">{after}</th>
              </tr>
            </thead>
            <tbody>
              {fields.map((field, at) => (
                <FieldRow
                  key={field.id}
                  no={at + 1}
                  current={current}
                  field={field}
                  categoryId={categoryId}
                />
              ))}
              {files.map((file, at) => (
                <FileRow key={fileId(file)} no={fields.length + at + 1} current={current} file={file} />
              ))}
            </tbody>
          </table>
        </>
      )}
      {lines.length > 0 && (
        <>
          <h2 className="group-title">{t('compare.body')}</h2>
          <div className="prose" lang={lang}>
            <Lines lines={lines} firstNo={fields.length + files.length + 1} current={current} />
          </div>
        </>
      )}
    </>
  );
}

const fileId = (change: FileChange): string => ('after' in change ? change.after.id : change.before.id);

function ChangeNo({ no, word }: { readonly no: number; readonly word: string }) {
  return (
    <span className="change-no" lang={document.documentElement.lang}>
      <i>{no}</i>
      {word}
    </span>
  );
}

function FieldRow({
  no,
  current,
  field,
  categoryId,
}: {
  readonly no: number;
  readonly current: number;
  readonly field: FieldChange;
  readonly categoryId: string;
}) {
  const { t } = useTranslation();
  const named = useNamed();
  const { profile, categories } = useDirectory();
  const readable = useFieldValue(categoryId);
  const id = field.id.replace(/^field:/, '');
  const show = (value: FieldValue | null): string => {
    if (value === null) return '–';
    if (field.id === 'meta.categoryId') return named(categories.get(String(value))?.name);
    return readable(id, value);
  };
  const label =
    field.id === 'meta.categoryId'
      ? t('fields.category')
      : field.id === 'meta.language'
        ? t('compare.language')
        : fieldLabelOf(id, categoryId, profile, named, t);
  return (
    <tr data-change={no}>
      <td className={`change ${no === current ? 'is-now' : ''}`}>
        <ChangeNo no={no} word={t('compare.kind.changed')} />
        {label}
      </td>
      {field.words && !isDate(field.before) && !isDate(field.after) ? (
        <td colSpan={2}>
          <Words words={field.words} />
        </td>
      ) : (
        <>
          <td>{field.before === null ? '–' : <del className="num">{show(field.before)}</del>}</td>
          <td>{field.after === null ? '–' : <ins className="num">{show(field.after)}</ins>}</td>
        </>
      )}
    </tr>
  );
}

function FileRow({
  no,
  current,
  file,
}: {
  readonly no: number;
  readonly current: number;
  readonly file: FileChange;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const was = 'before' in file ? file.before : null;
  const is = 'after' in file ? file.after : null;
  const describe = (one: { name: string; label: string; size: number }) =>
    t('compare.fileValue', { name: one.label || one.name, size: format.bytes(one.size) });
  return (
    <tr data-change={no}>
      <td className={`change ${no === current ? 'is-now' : ''}`}>
        <ChangeNo no={no} word={t(`compare.file.${file.kind}`)} />
        {t('compare.attachment')}
      </td>
      <td>{was ? <del className="num">{describe(was)}</del> : '–'}</td>
      <td>{is ? <ins className="num">{describe(is)}</ins> : '–'}</td>
    </tr>
  );
}

const Words = ({ words }: { readonly words: readonly WordRun[] }): ReactNode =>
  words.map((word, at) => {
    if (word.op === 'same') return word.text;
    const Tag = word.op === 'added' ? 'ins' : 'del';
    return <Tag key={at}>{word.text}</Tag>;
  });

type Shown =
  | { readonly kind: 'fold'; readonly count: number; readonly key: string }
  | { readonly kind: 'line'; readonly line: ComparedLine; readonly no: number; readonly key: string };

/** Unchanged stretches longer than this are folded into one line. */
const FOLD_FROM = 2;

function foldLines(lines: readonly ComparedLine[], firstNo: number): readonly Shown[] {
  const shown: Shown[] = [];
  let no = firstNo;
  let at = 0;
  while (at < lines.length) {
    let end = at;
    while (end < lines.length && lines[end]?.kind === 'same') end += 1;
    if (end - at >= FOLD_FROM) {
      shown.push({ kind: 'fold', count: end - at, key: `fold-${at}` });
      at = end;
      continue;
    }
    const line = lines[at];
    if (line) {
      shown.push({ kind: 'line', line, no: line.kind === 'same' ? 0 : no, key: `line-${at}` });
      if (line.kind !== 'same') no += 1;
    }
    at += 1;
  }
  return shown;
}

function Lines({
  lines,
  firstNo,
  current,
}: {
  readonly lines: readonly ComparedLine[];
  readonly firstNo: number;
  readonly current: number;
}) {
  const { t } = useTranslation();
  const shown = useMemo(() => foldLines(lines, firstNo), [lines, firstNo]);
  return shown.map((one) =>
    one.kind === 'fold' ? (
      <div key={one.key} className="same" lang={document.documentElement.lang}>
        {t('compare.same', { count: one.count })}
      </div>
    ) : (
      <Line key={one.key} line={one.line} no={one.no} isNow={one.no > 0 && one.no === current} />
    ),
  );
}

/** The text of a line with a heading's weight, an item's dot, a row's cells. */
function LineText({ of, children }: { readonly of: BodyLine; readonly children: ReactNode }) {
  const look = of.kind === 'heading' ? `line-h${Math.min(4, Math.max(2, of.level))}` : `line-${of.kind}`;
  return <p className={look}>{children}</p>;
}

function Line({
  line,
  no,
  isNow,
}: {
  readonly line: ComparedLine;
  readonly no: number;
  readonly isNow: boolean;
}) {
  const { t } = useTranslation();
  const cells = (text: string) => text.replaceAll('\t', ' | ');
  if (line.kind === 'same') return <LineText of={line.after}>{cells(line.after.text)}</LineText>;
  const word = t(`compare.kind.${line.kind}`);
  return (
    <div className={`change ${isNow ? 'is-now' : ''}`} data-change={no}>
      <ChangeNo no={no} word={word} />
      {line.kind === 'inserted' && (
        <LineText of={line.after}>
          <ins>{cells(line.after.text)}</ins>
        </LineText>
      )}
      {line.kind === 'deleted' && (
        <LineText of={line.before}>
          <del>{cells(line.before.text)}</del>
        </LineText>
      )}
      {line.kind === 'changed' && (
        <LineText of={line.after}>
          <Words words={line.words} />
        </LineText>
      )}
      {line.kind === 'restyled' && <LineText of={line.after}>{cells(line.after.text)}</LineText>}
      {line.kind === 'moved' && (
        <div className="moved">
          <span className="moved-note" lang={document.documentElement.lang}>
            <MoveVertical className="icon icon-s" aria-hidden />
            {line.after.block < line.before.block ? t('compare.movedUp') : t('compare.movedDown')}
          </span>
          <Words words={line.words} />
        </div>
      )}
    </div>
  );
}
