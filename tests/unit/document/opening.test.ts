// @vitest-environment jsdom
import { $getRoot, REDO_COMMAND, UNDO_COMMAND } from 'lexical';
import { describe, expect, it } from 'vitest';
import {
  type Block,
  createArticleDoc,
  encodeState,
  loadDoc,
  readBody,
} from '../../../domain/document/index.ts';
import { readEditorBody } from '../../../domain/document/readEditor.ts';
import { type BindingReport, bindEditor } from '../../../renderer/features/editor/binding/index.ts';
import { createBodyEditor, registerBody } from '../../../renderer/features/editor/body/createBodyEditor.ts';
import { RICH_BODY, SAMPLE } from './support/samples.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A body like the sample's whose table has no gaps: Lexical fills gaps in. */
const BODY: Block[] = RICH_BODY.map((block) =>
  block.type === 'table'
    ? { ...block, rows: block.rows.map((row) => row.map(({ rowSpan: _, ...cell }) => cell)) }
    : block,
);

it('undoes and redoes by command, in one step each, and the editor follows', async () => {
  const doc = loadDoc([createArticleDoc({ clientId: 1, meta: SAMPLE.meta, body: ['một'] }).firstUpdate], 77);
  const reports: BindingReport[] = [];
  const editor = createBodyEditor(true);
  const element = document.createElement('div');
  element.contentEditable = 'true';
  document.body.append(element);
  editor.setRootElement(element);
  const binding = bindEditor({ editor, doc, onReport: (report) => reports.push(report) });
  const unregister = registerBody(editor, {
    undo: () => binding.undoManager.undo(),
    redo: () => binding.undoManager.redo(),
    onFiles: () => {},
  });
  await pause(20);
  editor.update(
    () => {
      const selection = $getRoot().selectEnd();
      selection.insertText(' hai');
      selection.insertParagraph();
      selection.insertText('ba');
    },
    { discrete: true },
  );
  const typed = readBody(doc);
  expect(typed).toHaveLength(2);
  editor.dispatchCommand(UNDO_COMMAND, undefined);
  await pause(20);
  expect(readBody(doc)).toEqual([{ type: 'paragraph', runs: [{ text: 'một' }] }]);
  expect(element.textContent).toBe('một');
  editor.dispatchCommand(REDO_COMMAND, undefined);
  await pause(20);
  expect(readBody(doc)).toEqual(typed);
  expect(readEditorBody(editor.getEditorState())).toEqual(typed);
  expect(element.textContent).toBe('một haiba');
  expect(reports).toEqual([]);
  unregister();
  binding.dispose();
});

describe('opening a document in the window’s editor', () => {
  it.each([
    ['that may be edited', true, BODY],
    ['only to be read', false, BODY],
    ['only to be read, with a gap in its table', false, RICH_BODY],
  ])('%s: shows it and writes nothing, with all behaviour switched on', async (_, isEditable, body) => {
    const { firstUpdate } = createArticleDoc({ clientId: 1, meta: SAMPLE.meta, body });
    const doc = loadDoc([firstUpdate], 77);
    const before = encodeState(doc);
    const reports: BindingReport[] = [];
    const editor = createBodyEditor(isEditable);
    const element = document.createElement('div');
    element.contentEditable = 'true';
    document.body.append(element);
    editor.setRootElement(element);
    const binding = bindEditor({ editor, doc, checkAfterMs: 5, onReport: (report) => reports.push(report) });
    const unregister = registerBody(editor, {
      undo: () => binding.undoManager.undo(),
      redo: () => binding.undoManager.redo(),
      onFiles: () => {},
    });
    await pause(60);
    expect(readEditorBody(editor.getEditorState())).toEqual(body);
    expect(readBody(doc)).toEqual(body);
    expect(encodeState(doc)).toEqual(before);
    expect(reports).toEqual([]);
    expect(element.querySelectorAll('th')).toHaveLength(3);
    unregister();
    binding.dispose();
  });
});
