const REPLACEMENT = /\ufffd/;

/**
 * The text of a text file: UTF-8, or UTF-16 with a byte order mark. Null for anything else: older Vietnamese encodings can't be told
 * from each other for sure, and words of the wrong ones would only be found by mistake.
 */
export function plainFileText(bytes: Uint8Array, maxLength: number): string | null {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  // No text needs more than four bytes a character; a character cut in two at the end is not a fault of the file.
  const cut = bytes.subarray(0, maxLength * 4);
  const text = new TextDecoder(encoding).decode(cut, { stream: cut.length < bytes.length });
  return REPLACEMENT.test(text) || text.includes('\0') ? null : text.slice(0, maxLength);
}
