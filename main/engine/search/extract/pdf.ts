import type { ReadCode } from './messages.ts';

/** Later pages are not read. */
const MAX_PAGES = 1000;
/** Characters without meaning: private use and "unknown". Fonts without a table to Unicode give these. */
const MEANINGLESS = /[\ue000-\uf8ff\ufffd]/g;
/** A page with more of them than one in so many characters is left out. */
const MOSTLY = 5;

/**
 * Gives `take` the text layer of a PDF file, page by page, at most `maxLength` characters. PDF.js without drawing, fonts of the system, network or
 * scripts; about two megabytes, loaded when the first PDF file is read. Pages that can't be read are left out.
 */
export async function pdfText(
  bytes: Uint8Array,
  maxLength: number,
  take: (piece: string) => void,
): Promise<ReadCode> {
  const { getDocument } = await import('unpdf/pdfjs');
  const task = getDocument({
    data: bytes,
    verbosity: 0,
    disableFontFace: true,
    useSystemFonts: true,
    useWasm: false,
    useWorkerFetch: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    enableXfa: false,
  });
  // Asked for by an encrypted file; nobody is here to answer.
  task.onPassword = () => void task.destroy();
  let left = maxLength;
  try {
    const document = await task.promise;
    const pages = Math.min(document.numPages, MAX_PAGES);
    for (let number = 1; number <= pages && left > 0; number += 1) {
      const text = await pageText(document, number);
      if (text === '') continue;
      take(text.slice(0, left));
      left -= text.length;
    }
    return left < maxLength ? 'read' : 'no-text';
  } catch (error) {
    return isAboutPassword(error) ? 'encrypted' : 'damaged';
  } finally {
    await task.destroy().catch(() => undefined);
  }
}

type Document = Awaited<ReturnType<typeof import('unpdf/pdfjs').getDocument>['promise']>;

async function pageText(document: Document, number: number): Promise<string> {
  try {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    let text = '';
    for (const item of items) if ('str' in item) text += item.hasEOL ? `${item.str}\n` : item.str;
    page.cleanup();
    const meaningless = text.match(MEANINGLESS)?.length ?? 0;
    return text.trim() === '' || meaningless * MOSTLY > text.length ? '' : `${text}\n`;
  } catch {
    return '';
  }
}

const isAboutPassword = (error: unknown): boolean =>
  (error as { name?: unknown } | null)?.name === 'PasswordException';
