export {
  type BindEditorOptions,
  type BindingReport,
  bindEditor,
  type EditorBinding,
  type Schedule,
} from './bindEditor.ts';
export { createDocRegistry, type DocRegistry, type DocRegistryOptions, type HeldDoc } from './registry.ts';
export {
  createUpdateBatcher,
  REMOTE_ORIGIN,
  type SaveState,
  type UpdateBatcher,
  type UpdateBatcherOptions,
} from './updateBatcher.ts';
