import { FORMAT_TEXT_COMMAND, REDO_COMMAND, UNDO_COMMAND } from 'lexical';
import { useState } from 'react';
import { Button as AriaButton, Toolbar } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useKey } from '../../../app/keys.ts';
import { IconButton, IconToggle } from '../../../ui/Button.tsx';
import {
  Bold,
  ChevronDown,
  Italic,
  Link,
  List,
  ListOrdered,
  Quote,
  Redo2,
  Table2,
  Underline,
  Undo2,
} from '../../../ui/icons.ts';
import { Menu } from '../../../ui/Menu.tsx';
import { changeTable, insertTable, setBlock, TABLE_ACTIONS, type TableAction } from './commands.ts';
import { LinkDialog } from './LinkDialog.tsx';
import { type BlockKind, useToolbarState } from './toolbarState.ts';
import type { BodyHandle } from './useBodyEditor.ts';

const BLOCKS = ['paragraph', 'h2', 'h3', 'h4', 'quote'] as const satisfies readonly BlockKind[];

/** Formatting of the body. Buttons leave the focus in the text. */
export function BodyToolbar({ handle, words }: { readonly handle: BodyHandle; readonly words: number }) {
  const { t } = useTranslation();
  const { editor } = handle;
  const state = useToolbarState(editor);
  const [linking, setLinking] = useState(false);
  const back = () => editor.focus();
  // The browser tells of a changed selection a moment after the key that changed it.
  const toggleLink = () => setTimeout(() => setLinking(true));
  useKey('link', () => {
    const root = editor.getRootElement();
    if (!root?.contains(document.activeElement)) return false;
    toggleLink();
    return true;
  });
  const listed = state.block === 'bullet' || state.block === 'number';
  return (
    <Toolbar className="toolbar" aria-label={t('toolbar.label')} data-pane="toolbar">
      <Menu
        label={t('toolbar.block')}
        selected={listed ? '' : state.block}
        entries={BLOCKS.map((id) => ({ id, label: t(`toolbar.blocks.${id}`) }))}
        onAction={(id) => {
          setBlock(editor, id as BlockKind, state.block);
          setTimeout(back);
        }}
        trigger={
          <AriaButton
            className="style"
            aria-label={t('toolbar.blockNow', { block: t(`toolbar.blocks.${state.block}`) })}
          >
            {t(`toolbar.blocks.${state.block}`)}
            <ChevronDown className="icon icon-s" aria-hidden />
          </AriaButton>
        }
      />
      <span className="sep" aria-hidden />
      <IconToggle
        label={t('toolbar.bold')}
        isOn={state.bold}
        onPress={() => editor.dispatchCommand(FORMAT_TEXT_COMMAND, 'bold')}
      >
        <Bold className="icon" aria-hidden />
      </IconToggle>
      <IconToggle
        label={t('toolbar.italic')}
        isOn={state.italic}
        onPress={() => editor.dispatchCommand(FORMAT_TEXT_COMMAND, 'italic')}
      >
        <Italic className="icon" aria-hidden />
      </IconToggle>
      <IconToggle
        label={t('toolbar.underline')}
        isOn={state.underline}
        onPress={() => editor.dispatchCommand(FORMAT_TEXT_COMMAND, 'underline')}
      >
        <Underline className="icon" aria-hidden />
      </IconToggle>
      <IconToggle label={t('toolbar.link')} isOn={state.link !== null} onPress={() => void toggleLink()}>
        <Link className="icon" aria-hidden />
      </IconToggle>
      <span className="sep" aria-hidden />
      <IconToggle
        label={t('toolbar.bullets')}
        isOn={state.block === 'bullet'}
        onPress={() => setBlock(editor, 'bullet', state.block)}
      >
        <List className="icon" aria-hidden />
      </IconToggle>
      <IconToggle
        label={t('toolbar.numbers')}
        isOn={state.block === 'number'}
        onPress={() => setBlock(editor, 'number', state.block)}
      >
        <ListOrdered className="icon" aria-hidden />
      </IconToggle>
      <IconToggle
        label={t('toolbar.quote')}
        isOn={state.block === 'quote'}
        onPress={() => setBlock(editor, state.block === 'quote' ? 'paragraph' : 'quote', state.block)}
      >
        <Quote className="icon" aria-hidden />
      </IconToggle>
      {state.inTable ? (
        <Menu
          label={t('toolbar.table')}
          entries={TABLE_ACTIONS.map((id) => ({
            id,
            label: t(`toolbar.tables.${id}`),
            isDanger: id === 'deleteTable',
          }))}
          onAction={(id) => {
            changeTable(editor, id as TableAction);
            setTimeout(back);
          }}
          trigger={
            <AriaButton className="btn btn-icon is-on" aria-label={t('toolbar.table')}>
              <Table2 className="icon" aria-hidden />
            </AriaButton>
          }
        />
      ) : (
        <IconButton label={t('toolbar.insertTable')} preventFocusOnPress onPress={() => insertTable(editor)}>
          <Table2 className="icon" aria-hidden />
        </IconButton>
      )}
      <span className="sep" aria-hidden />
      <IconButton
        label={t('toolbar.undo')}
        preventFocusOnPress
        onPress={() => editor.dispatchCommand(UNDO_COMMAND, undefined)}
      >
        <Undo2 className="icon" aria-hidden />
      </IconButton>
      <IconButton
        label={t('toolbar.redo')}
        preventFocusOnPress
        onPress={() => editor.dispatchCommand(REDO_COMMAND, undefined)}
      >
        <Redo2 className="icon" aria-hidden />
      </IconButton>
      <span className="end num">{t('toolbar.words', { count: words })}</span>
      {linking && <LinkDialog editor={editor} url={state.link} onClose={() => setLinking(false)} />}
    </Toolbar>
  );
}
