import * as Y from 'yjs';

/**
 * An empty document; the only way that documents are made. Yjs, left alone, tidies a text after every change from
 * elsewhere: it deletes the marks of formats that stand where they change nothing. It does so in each document by itself, by
 * what that one holds at the moment, and the deletions would be part of no update that is stored. A mark that is idle here
 * may matter once an edit arrives that is still under way: then the documents of two people with the same updates, or
 * of one person before and after loading, would show different formats, and have different fingerprints.
 */
export function newDoc(guid = ''): Y.Doc {
  const doc = new Y.Doc({ guid });
  doc.on('afterTransaction', (transaction) => {
    transaction._needFormattingCleanup = false;
  });
  return doc;
}
