/** One line of the product made wrong; the sessions must find it. */
export interface Defect {
  readonly name: string;
  /** From the root of the project. */
  readonly file: string;
  /** Must occur exactly once. */
  readonly from: string;
  readonly to: string;
}

const BINDING = 'renderer/features/editor/binding';

export const defects: readonly Defect[] = [
  {
    name: 'nothing is healed',
    file: `${BINDING}/bindEditor.ts`,
    from: '    if (difference() === null) {',
    to: '    if (difference() !== undefined) {',
  },
  {
    name: 'undo lets Yjs choose the neighbours',
    file: `${BINDING}/soundUndo.ts`,
    from: 'if (transaction.origin === manager && offset === 0) settleNeighbours(this);',
    to: '',
  },
  {
    name: 'idle marks of formats are tidied away',
    file: 'domain/document/newDoc.ts',
    from: 'transaction._needFormattingCleanup = false;',
    to: '',
  },
  {
    name: 'events are asked for their deltas',
    file: `${BINDING}/bindEditor.ts`,
    from: 'for (const event of bodyEvents) event._delta ??= [];',
    to: '',
  },
  {
    name: 'edits divide characters of two code units',
    file: `${BINDING}/bindEditor.ts`,
    from: '      withWholeCharacters(() =>',
    to: '      (0 < 1 ? (run: () => void) => run() : withWholeCharacters)(() =>',
  },
  {
    name: 'an edit is dropped now and then',
    file: `${BINDING}/bindEditor.ts`,
    from: 'if (isRebuilding || update.tags.has(SKIP_COLLAB_TAG)) return;',
    to: 'if (isRebuilding || update.tags.has(SKIP_COLLAB_TAG) || update.dirtyLeaves.size > 3) return;',
  },
  {
    name: 'undone text is not told to the editor',
    file: `${BINDING}/bindEditor.ts`,
    from: 'if (transaction.origin === binding) return;',
    to: 'if (transaction.origin === binding || transaction.origin === undoManager) return;',
  },
  {
    name: 'the editor is written over the document',
    file: `${BINDING}/bindEditor.ts`,
    from: '      showWholeDoc();\n    } finally {',
    to: "      editor.update(() => editor.getEditorState()._nodeMap.get('root')?.markDirty(), { discrete: true });\n    } finally {",
  },
  {
    name: 'healing forgets the cursor',
    file: `${BINDING}/bindEditor.ts`,
    from: 'if (placed !== null) moveSelection(() => $restoreSelection(placed, binding.mapping));\n  };',
    to: '};',
  },
  {
    name: 'what comes from elsewhere is written back',
    file: `${BINDING}/bindEditor.ts`,
    from: 'if (isFromDoc || !editor.isEditable()) {',
    to: 'if (!editor.isEditable()) {',
  },
  {
    name: 'a reader writes',
    file: `${BINDING}/bindEditor.ts`,
    from: 'if (isFromDoc || !editor.isEditable()) {',
    to: 'if (isFromDoc && editor.isEditable()) {',
  },
  {
    name: 'what others write into a removed block goes with it',
    file: 'domain/document/gone.ts',
    from: '  else if (isBreak(child)) deleteChild(parent, child);\n  else {\n    emptyOut(child);',
    to: '  else if (child.doc !== null) deleteChild(parent, child);\n  else {\n    emptyOut(child);',
  },
  {
    name: 'what others write into a removed text goes with it',
    file: 'domain/document/gone.ts',
    from: '  if (child instanceof Y.XmlText) emptyText(child);\n  else if (isBreak(child))',
    to: '  if (child instanceof Y.XmlText) deleteChild(parent, child);\n  else if (isBreak(child))',
  },
  {
    name: 'undo takes with it what others wrote into a block',
    file: `${BINDING}/soundUndo.ts`,
    from: 'if (transaction.origin !== manager || !isKept(this, transaction)) remove',
    to: 'remove',
  },
  {
    name: 'a block that comes back stays out of the editor',
    file: `${BINDING}/keptBlocks.ts`,
    from: 'const further = [...changed].filter(isShown)',
    to: 'const further = [...changed].filter(() => false)',
  },
  {
    name: 'early updates are left to Yjs',
    file: 'domain/document/updates.ts',
    from: '    waiting = waiting.filter((update) => !applyWhole(doc, update, origin));',
    to: '    waiting = waiting.filter((update) => Y.applyUpdateV2(doc, update, origin));',
  },
  {
    name: 'composing letters leaves the cursor behind',
    file: 'renderer/features/editor/body/createBodyEditor.ts',
    from: '$moveBack(node, (offset) => normaliseNfc(text.slice(0, offset)).length);',
    to: '',
  },
  {
    name: 'a failed batch is given up',
    file: `${BINDING}/updateBatcher.ts`,
    from: 'sending ??= takeBatch();',
    to: 'sending = takeBatch();',
  },
];
