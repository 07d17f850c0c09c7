import * as Y from 'yjs';
import {
  fingerprint,
  readContent,
  summaryText,
  titleText,
  writeBody,
} from '../../../../domain/document/index.ts';
import { newId, type TestWindow } from './desk.ts';

/** An article open in a window: its document, and what was written sent to the engine. */
export async function openText(window: TestWindow, articleId: string) {
  const { state, mayEdit } = await window.must('documents.open', { articleId });
  const doc = new Y.Doc();
  Y.applyUpdateV2(doc, state);
  return {
    doc,
    mayEdit,
    fingerprint: () => fingerprint(readContent(doc)),
    content: () => readContent(doc),
    /** Changes the document and waits until the change is saved. */
    async write(change: (doc: Y.Doc) => void, updateId = newId('update')) {
      const before = Y.encodeStateVector(doc);
      const deletions = Y.snapshot(doc);
      change(doc);
      if (Y.equalSnapshots(deletions, Y.snapshot(doc))) throw new Error('nothing was written');
      return window.must('documents.append', {
        articleId,
        updateId,
        update: Y.encodeStateAsUpdateV2(doc, before),
      });
    },
    /** Takes over what the engine has by now. */
    async reload() {
      const again = await window.must('documents.open', { articleId });
      Y.applyUpdateV2(doc, again.state);
    },
  };
}

/** The article open once all of its text that the portal has is at this desk too. */
export async function openArrivedText(window: TestWindow, articleId: string) {
  const text = await openText(window, articleId);
  await window.until('articles.detail', { articleId }, ({ row }) => row.fingerprint !== null);
  const deadline = Date.now() + 15_000;
  for (;;) {
    await text.reload();
    const { row } = await window.look('articles.detail', { articleId });
    if (row.fingerprint === text.fingerprint()) return text;
    if (Date.now() > deadline) throw new Error(`the text of ${articleId} did not arrive`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Fills what a simple article needs to be submitted. */
export const writeWhole = (text: string) => (doc: Y.Doc) => {
  titleText(doc).insert(0, titleText(doc).length === 0 ? 'Tiêu đề' : '');
  if (summaryText(doc).length === 0) summaryText(doc).insert(0, 'Tóm tắt');
  writeBody(doc, [text]);
};

export async function propose(
  window: TestWindow,
  articleId: string,
  action: 'declare' | 'submit' | 'endorse' | 'pass' | 'approve' | 'return' | 'refuse' | 'withdraw',
  seen: string | null,
  reason: string | null = null,
): Promise<string> {
  const decisionId = newId('decision');
  await window.must('decisions.propose', { decisionId, articleId, action, fingerprint: seen, reason });
  return decisionId;
}
