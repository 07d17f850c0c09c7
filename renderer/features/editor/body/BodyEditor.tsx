import { useEffect, useRef } from 'react';
import type { BodyHandle } from './useBodyEditor.ts';

/** The writing surface of the body. */
export function BodyEditor({
  handle,
  label,
  lang,
  isEditable,
  placeholder,
}: {
  readonly handle: BodyHandle;
  readonly label: string;
  readonly lang: 'vi' | 'en';
  readonly isEditable: boolean;
  readonly placeholder?: string;
}) {
  const root = useRef<HTMLDivElement>(null);
  const { editor } = handle;
  useEffect(() => {
    editor.setRootElement(root.current);
    return () => editor.setRootElement(null);
  }, [editor]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: rich text can't be a textarea
    <div
      ref={root}
      id="field-body"
      className="body-editor"
      role="textbox"
      aria-multiline
      aria-label={label}
      aria-readonly={!isEditable}
      contentEditable={isEditable}
      suppressContentEditableWarning
      spellCheck={false}
      lang={lang}
      tabIndex={0}
      data-placeholder={placeholder}
    />
  );
}
