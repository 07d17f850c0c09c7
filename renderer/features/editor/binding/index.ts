export { type BindingReport, bindEditor, type Cursor, type EditorBinding } from './bindEditor.ts';
export { createDocRegistry } from './registry.ts';
export { createUpdateBatcher, REMOTE_ORIGIN, type SaveState, type UpdateBatcher } from './updateBatcher.ts';
