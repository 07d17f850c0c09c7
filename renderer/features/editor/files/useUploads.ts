import { useCallback, useEffect, useRef, useState } from 'react';
import type * as Y from 'yjs';
import { readContent, setFile } from '../../../../domain/document/index.ts';
import type { Refusal } from '../../../../domain/lib/result.ts';
import { useClient } from '../../../data/engine.tsx';
import { uploadFile } from './uploadFile.ts';

/** A file on its way into the article, or why it did not get there. */
export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly sentBytes: number;
  readonly refusal: Refusal | null;
  readonly file: File;
  readonly role: string;
}

export interface Uploads {
  readonly uploads: readonly Upload[];
  readonly add: (files: readonly File[], role?: string) => void;
  /** Stops one that is running, or puts away one that was refused. */
  readonly drop: (uploadId: string) => void;
  readonly retry: (uploadId: string) => void;
}

/** What a file is to an article when nobody said otherwise. */
export const DEFAULT_ROLE = 'attachment';
/** Progress is drawn at most this often. */
const DRAW_EVERY_MS = 200;

/** Attaches files to an article: bytes to the engine, then the entry in the document. One after another. */
export function useUploads(articleId: string, doc: Y.Doc): Uploads {
  const client = useClient();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const cancelled = useRef(new Set<string>());
  const queue = useRef<Promise<void>>(Promise.resolve());
  useEffect(() => {
    const all = cancelled.current;
    return () => all.clear();
  }, []);

  const change = useCallback((id: string, how: (upload: Upload) => Upload | null) => {
    setUploads((all) =>
      all.flatMap((upload) => {
        if (upload.id !== id) return [upload];
        const changed = how(upload);
        return changed ? [changed] : [];
      }),
    );
  }, []);

  const start = useCallback(
    (upload: Upload) => {
      const run = async () => {
        if (cancelled.current.has(upload.id)) return;
        let drawnAt = 0;
        const result = await uploadFile(
          client,
          articleId,
          upload.id,
          upload.file,
          (sentBytes) => {
            const now = performance.now();
            if (now - drawnAt < DRAW_EVERY_MS) return;
            drawnAt = now;
            change(upload.id, (one) => ({ ...one, sentBytes }));
          },
          () => cancelled.current.has(upload.id),
        );
        if (result === null) return;
        if (!result.ok) {
          change(upload.id, (one) => ({ ...one, refusal: result.error }));
          return;
        }
        const { sha256, size, name, type } = result.value;
        const known = readContent(doc).files.some(
          (file) => file.sha256 === sha256 && file.role === upload.role,
        );
        if (!known)
          setFile(
            doc,
            crypto.randomUUID(),
            { sha256, size, name, type, role: upload.role, label: '' },
            'files',
          );
        change(upload.id, () => null);
      };
      queue.current = queue.current.then(run, run);
    },
    [articleId, change, client, doc],
  );

  const add = useCallback(
    (files: readonly File[], role = DEFAULT_ROLE) => {
      const added = files.map((file) => ({
        id: crypto.randomUUID(),
        name: file.name,
        size: file.size,
        sentBytes: 0,
        refusal: null,
        file,
        role,
      }));
      setUploads((all) => [...all, ...added]);
      for (const upload of added) start(upload);
    },
    [start],
  );
  const drop = useCallback(
    (uploadId: string) => {
      cancelled.current.add(uploadId);
      change(uploadId, () => null);
    },
    [change],
  );
  const retry = useCallback(
    (uploadId: string) => {
      const upload = uploads.find((one) => one.id === uploadId);
      if (!upload) return;
      const again = { ...upload, id: crypto.randomUUID(), sentBytes: 0, refusal: null };
      setUploads((all) => all.map((one) => (one.id === uploadId ? again : one)));
      start(again);
    },
    [start, uploads],
  );
  return { uploads, add, drop, retry };
}
