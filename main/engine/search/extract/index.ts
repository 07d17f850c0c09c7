import { docxText } from './docx.ts';
import { plainFileText } from './plain.ts';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

type Kind = 'docx' | 'plain';

function kindOf(name: string, type: string): Kind | null {
  const [media = ''] = type.toLowerCase().split(';');
  if (media === DOCX || /\.docx$/i.test(name)) return 'docx';
  if (
    media === 'text/plain' ||
    media === 'text/csv' ||
    media === 'text/markdown' ||
    /\.(?:txt|csv|md)$/i.test(name)
  )
    return 'plain';
  return null;
}

/** Whether the text of such a file can be read. */
export const isReadable = (file: { name: string; type: string }): boolean =>
  kindOf(file.name, file.type) !== null;

/**
 * The words of an attached file, at most `maxLength` characters: Word documents (DOCX) and text files in Unicode. Null when the kind is
 * another or the file can't be read; never throws for what a file holds. Nothing is written to disk.
 */
export async function fileText(
  file: { name: string; type: string },
  bytes: Uint8Array,
  maxLength: number,
): Promise<string | null> {
  const kind = kindOf(file.name, file.type);
  if (kind === null) return null;
  return kind === 'docx' ? docxText(bytes, maxLength) : plainFileText(bytes, maxLength);
}
