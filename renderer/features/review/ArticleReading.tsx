import { useTranslation } from 'react-i18next';
import type { ArticleContent } from '../../../domain/document/index.ts';
import { useFormat } from '../../app/useFormat.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { Blocks } from '../../ui/Blocks.tsx';
import { fieldLabelOf } from '../decisions/index.ts';
import { useFieldValue } from './fieldValue.ts';

/** The whole article as it stands: title, summary, fields, body, attachments. */
export function ArticleReading({
  content,
  categoryId,
}: {
  readonly content: ArticleContent;
  readonly categoryId: string;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const named = useNamed();
  const { profile } = useDirectory();
  const readable = useFieldValue(categoryId);
  const fields = Object.entries(content.fields);
  return (
    <article className="reading">
      <div className="prose" lang={content.meta.language}>
        <h2 className="paper-title">{content.title || t('article.untitled')}</h2>
        {content.summary && <p className="lede">{content.summary}</p>}
      </div>
      <div className="prose" lang={content.meta.language}>
        <Blocks blocks={content.body} />
      </div>
      {fields.length > 0 && (
        <>
          <h2 className="group-title">{t('panel.info')}</h2>
          <dl className="facts block">
            {fields.map(([id, value]) => (
              <div key={id}>
                <dt>{fieldLabelOf(id, categoryId, profile, named, t)}</dt>
                <dd className="num">{readable(id, value)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {content.files.length > 0 && (
        <>
          <h2 className="group-title">{t('panel.files')}</h2>
          <ul className="block file-list">
            {content.files.map((file) => (
              <li key={file.id}>
                <span className="clip">{file.label || file.name}</span>
                <span className="ref num">{format.bytes(file.size)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </article>
  );
}
