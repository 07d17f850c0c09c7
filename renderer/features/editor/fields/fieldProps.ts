import type * as Y from 'yjs';
import type { FieldSpec } from '../../../../domain/content/index.ts';
import type { ContentFile } from '../../../../domain/document/index.ts';

/** What every control of the form gets: its field, the document it edits, and what is wrong with it. */
export interface FieldControlProps {
  readonly field: FieldSpec;
  readonly doc: Y.Doc;
  readonly isEditable: boolean;
  readonly isRequired: boolean;
  readonly error: string | undefined;
  readonly help?: string | undefined;
  readonly files: readonly ContentFile[];
  readonly onAttach: (role: string) => void;
}
