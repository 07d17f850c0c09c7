import { $getSelection, $isRangeSelection, type LexicalEditor } from 'lexical';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readContent } from '../../../domain/document/index.ts';
import { useSentence } from '../../app/sentences.ts';
import { useDocument, useReading } from '../../data/documents.tsx';
import { useQuery } from '../../data/engine.tsx';
import { Blocks } from '../../ui/Blocks.tsx';
import { StateMark } from '../../ui/StateMark.tsx';

/** Number of the block in which the cursor of an editor stands, from 0; null when it is elsewhere. */
function useBlockAtCursor(editor: LexicalEditor): number | null {
  const [block, setBlock] = useState<number | null>(null);
  useEffect(
    () =>
      editor.registerUpdateListener(({ editorState }) => {
        setBlock(
          editorState.read(() => {
            const selection = $getSelection();
            if (!$isRangeSelection(selection)) return null;
            return selection.anchor.getNode().getTopLevelElement()?.getIndexWithinParent() ?? null;
          }),
        );
      }),
    [editor],
  );
  return block;
}

/** The Vietnamese source, block by block, beside the English editor; the block that the cursor is at is marked. */
export function SourcePane({
  articleId,
  editor,
}: {
  readonly articleId: string;
  readonly editor: LexicalEditor;
}) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const { value: detail } = useQuery('articles.detail', { articleId });
  const document = useDocument(articleId);
  const content = useReading(document.status === 'open' ? document.document.doc : null, readContent);
  const current = useBlockAtCursor(editor);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (current === null) return;
    list.current?.children[current]?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const goTo = (index: number) => {
    editor.focus();
    const element = editor.getRootElement()?.children[index];
    if (!(element instanceof HTMLElement)) return;
    element.scrollIntoView({ block: 'center' });
    const range = window.document.createRange();
    range.selectNodeContents(element);
    range.collapse(false);
    const selection = window.getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
  };
  return (
    <section className="source pane" aria-label={t('translation.source')} data-pane="source">
      <div className="toolbar">
        <span className="strong">
          {detail && detail.row.version > 0
            ? t('translation.sourceVersion', { version: detail.row.version })
            : t('translation.source')}
        </span>
        {detail && (
          <span className="end">
            <StateMark state={detail.row.projectedState} />
          </span>
        )}
      </div>
      <div className="scroll" lang="vi">
        {document.status === 'refused' && (
          <p className="side-note" lang={window.document.documentElement.lang}>
            {sentence(document.refusal.code)}
          </p>
        )}
        {content && (
          <div className="source-paper prose">
            <h2 className="paper-title">{content.title}</h2>
            <p className="lede">{content.summary}</p>
            <ol ref={list} className="source-blocks">
              {content.body.map((block, index) => (
                <li
                  key={index}
                  className={index === current ? 'is-now' : ''}
                  aria-current={index === current || undefined}
                >
                  <button
                    type="button"
                    className="source-no num"
                    lang={window.document.documentElement.lang}
                    aria-label={t('translation.toBlock', { number: index + 1 })}
                    onClick={() => goTo(index)}
                  >
                    {index + 1}
                  </button>
                  <div>
                    <Blocks blocks={[block]} />
                  </div>
                </li>
              ))}
            </ol>
          </div>
        )}
      </div>
    </section>
  );
}
