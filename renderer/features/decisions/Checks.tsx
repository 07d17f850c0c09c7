import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { type Place, todoOf } from '../../../domain/content/index.ts';
import type { Issue } from '../../../domain/content/issues.ts';
import type { RegulationProfile } from '../../../domain/regulations/types.ts';
import { useSentence } from '../../app/sentences.ts';
import { useFormat } from '../../app/useFormat.ts';
import { useCitation } from '../../data/citation.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { CircleCheck, OctagonX, TriangleAlert } from '../../ui/icons.ts';

/** A check as a list shows it; the desk's own and the engine's have the same shape but for `params`. */
export type ShownIssue = Pick<Issue, 'fieldId' | 'severity' | 'clause' | 'ref'> & {
  readonly code: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly place?: Place;
};
/** Where a check points: a field of the form, or the title, the summary, the body. */
export type CheckTarget = string;

/** The name of a field of a category, of the title, the summary or the body. */
export function fieldLabelOf(
  fieldId: string,
  categoryId: string,
  profile: RegulationProfile | null,
  named: (names: { vi: string; en: string }) => string,
  t: TFunction,
): string {
  if (fieldId === 'title') return t('article.title');
  if (fieldId === 'summary') return t('article.summary');
  if (fieldId === 'body') return t('article.body');
  const own = profile?.categories.find((category) => category.id === categoryId)?.fields ?? [];
  const field = [...own, ...(profile?.commonFields ?? [])].find((one) => one.id === fieldId);
  return field ? named(field.name) : fieldId;
}

/** The sentence of a check, with the name of its field and readable values. */
export function useIssueSentence(categoryId: string): (issue: ShownIssue) => string {
  const { t } = useTranslation();
  const named = useNamed();
  const format = useFormat();
  const sentence = useSentence();
  const { profile } = useDirectory();
  return (issue) => {
    const params: Record<string, string | number> = { ...issue.params };
    for (const [key, value] of Object.entries(params)) {
      if (key === 'earlier' || key === 'later') params[key] = format.day(String(value));
      else if (key === 'earlierField')
        params[key] = fieldLabelOf(String(value), categoryId, profile, named, t);
      else if (key === 'size' || (key === 'maximum' && issue.code === 'file-too-large'))
        params[key] = format.bytes(Number(value));
      else if (typeof value === 'number') params[key] = format.number(value);
    }
    const rule = params.rule;
    const condition = profile?.categories
      .find((category) => category.id === categoryId)
      ?.preconditions.find((one) => one.id === rule)?.condition;
    return sentence(issue.code, {
      ...params,
      field: issue.fieldId === null ? '' : fieldLabelOf(issue.fieldId, categoryId, profile, named, t),
      condition: condition ? named(condition) : '',
    });
  };
}

/** Where in the text or the files a finding stands, for those that the name of a field does not say. */
function usePlaceWords(): (place: Place | undefined) => string | null {
  const { t } = useTranslation();
  return (place) => {
    if (place?.kind === 'paragraph') return t('checks.atParagraph', { number: place.block + 1 });
    if (place?.kind !== 'attachment') return null;
    const { name, part } = place;
    if (part === 'name') return t('checks.atFileName', { name });
    return part === 'text' ? t('checks.atFileText', { name }) : t('checks.atFile', { name });
  };
}

/** What must be mended and what deserves a look, each with its clause and the way to the place. */
export function ChecksList({
  issues,
  categoryId,
  onGo,
}: {
  readonly issues: readonly ShownIssue[];
  readonly categoryId: string;
  readonly onGo?: (target: CheckTarget, place?: Place) => void;
}) {
  const { t } = useTranslation();
  const citation = useCitation();
  const say = useIssueSentence(categoryId);
  const placeWords = usePlaceWords();
  if (issues.length === 0) {
    return (
      <p className="check-clear">
        <CircleCheck className="icon ok" aria-hidden />
        {t('checks.clear')}
      </p>
    );
  }
  const ordered = [...issues].sort((a, b) =>
    a.severity === b.severity ? 0 : a.severity === 'must' ? -1 : 1,
  );
  return (
    <ul className="checks">
      {ordered.map((issue, at) => {
        const target = issue.fieldId;
        const todo = todoOf(issue.code);
        const place = placeWords(issue.place);
        const Icon = issue.severity === 'must' ? OctagonX : TriangleAlert;
        return (
          <li key={`${issue.code} ${target} ${at}`}>
            <Icon className={`icon ${issue.severity}`} aria-hidden />
            <div>
              <p>
                <span className="strong">{t(`checks.${issue.severity}`)}</span> {say(issue)}
              </p>
              {todo !== null && <p className="todo">{t(`todo.${todo}`)}</p>}
              <div className="foot">
                <span className="ref">{[place, citation(issue)].filter(Boolean).join(' · ')}</span>
                {target !== null && onGo && (
                  <button
                    type="button"
                    className="link"
                    data-check-link
                    onClick={() => onGo(target, issue.place)}
                  >
                    {t('checks.goTo')}
                  </button>
                )}
              </div>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
