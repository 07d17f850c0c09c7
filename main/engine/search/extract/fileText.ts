import { docxText } from './docx.ts';
import type { ReadCode } from './messages.ts';
import { plainFileText } from './plain.ts';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

type Kind = 'docx' | 'pdf' | 'plain';

function kindOf(name: string, type: string): Kind | null {
  const [media = ''] = type.toLowerCase().split(';');
  if (media === DOCX || /\.docx$/i.test(name)) return 'docx';
  if (media === 'application/pdf' || /\.pdf$/i.test(name)) return 'pdf';
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
 * Gives `take` the words of an attached file, piece by piece, at most `maxLength` characters: Word documents (DOCX), the text layer of PDF files, text files
 * in Unicode. Never throws for what a file holds. Nothing is written to disk. Long work: belongs in a thread of its own.
 */
export async function fileText(
  file: { name: string; type: string },
  bytes: Uint8Array,
  maxLength: number,
  take: (piece: string) => void,
): Promise<ReadCode> {
  const kind = kindOf(file.name, file.type);
  if (kind === null) return 'no-text';
  if (kind === 'pdf') {
    const { pdfText } = await import('./pdf.ts');
    return pdfText(bytes, maxLength, take);
  }
  const text = kind === 'docx' ? await docxText(bytes, maxLength) : plainFileText(bytes, maxLength);
  if (text === null) return 'damaged';
  if (text.trim() === '') return 'no-text';
  take(text);
  return 'read';
}
