import { useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type * as Y from 'yjs';
import { summaryText, titleText } from '../../../domain/document/index.ts';
import { useSharedText } from '../../data/useSharedText.ts';

/** Title and summary above the body, in the document like everything else. */
export function TitleFields({
  doc,
  lang,
  isEditable,
}: {
  readonly doc: Y.Doc;
  readonly lang: 'vi' | 'en';
  readonly isEditable: boolean;
}) {
  const { t } = useTranslation();
  return (
    <>
      <Line
        id="field-title"
        className="paper-title"
        text={titleText(doc)}
        label={t('article.title')}
        placeholder={t('article.titlePlaceholder')}
        lang={lang}
        isEditable={isEditable}
      />
      <Line
        id="field-summary"
        className="lede"
        text={summaryText(doc)}
        label={t('article.summary')}
        placeholder={t('article.summaryPlaceholder')}
        lang={lang}
        isEditable={isEditable}
      />
    </>
  );
}

function Line({
  id,
  className,
  text,
  label,
  placeholder,
  lang,
  isEditable,
}: {
  readonly id: string;
  readonly className: string;
  readonly text: Y.Text;
  readonly label: string;
  readonly placeholder: string;
  readonly lang: 'vi' | 'en';
  readonly isEditable: boolean;
}) {
  const ref = useSharedText<HTMLTextAreaElement>(text, () => fit());
  const fit = useCallback(() => {
    const area = ref.current;
    if (!area) return;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }, [ref]);
  useEffect(() => {
    const area = ref.current;
    if (!area) return;
    fit();
    let width = area.clientWidth;
    const observer = new ResizeObserver(() => {
      if (area.clientWidth === width) return;
      width = area.clientWidth;
      fit();
    });
    observer.observe(area);
    void document.fonts.ready.then(fit);
    return () => observer.disconnect();
  }, [fit, ref]);
  return (
    <div className="slot">
      <label className="slot-label" htmlFor={id}>
        {label}
      </label>
      <textarea
        ref={ref}
        id={id}
        className={`slot-text ${className}`}
        rows={1}
        placeholder={isEditable ? placeholder : ''}
        readOnly={!isEditable}
        lang={lang}
        spellCheck={false}
        onKeyDown={(event) => {
          // A title and a summary are one paragraph each; Enter goes on to what follows.
          if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey)
            return;
          event.preventDefault();
          document.getElementById(id === 'field-title' ? 'field-summary' : 'field-body')?.focus();
        }}
      />
    </div>
  );
}
