import type { RxDocumentData } from 'rxdb';

/** The column `data` of a row. The only place that knows its form. */
export function encodePayload<T>(document: RxDocumentData<T>): string {
  return JSON.stringify(document);
}

/** Reverse of {@link encodePayload}; every call gives a fresh object. */
export function decodePayload<T>(stored: unknown): RxDocumentData<T> {
  return JSON.parse(stored as string) as RxDocumentData<T>;
}
