/**
 * The suites that look for defects; each is a script of this folder, on plain or on sealed files, or, for `contract`,
 * the other contract tests.
 */
export type Suite =
  | 'fuzz'
  | 'kill'
  | 'powercut'
  | 'fuzz sealed'
  | 'kill sealed'
  | 'powercut sealed'
  | 'contract';

/** One line of the store made wrong. */
export type Defect = {
  readonly name: string;
  /** In `main/engine/store/`. */
  readonly file: string;
  /** Must occur exactly once. */
  readonly from: string;
  readonly to: string;
  /** The suite that must find it. */
  readonly suite: Suite;
};

export const defects: readonly Defect[] = [
  {
    name: 'commits are not synced',
    file: 'connection.ts',
    from: 'PRAGMA synchronous = FULL; PRAGMA foreign_keys',
    to: 'PRAGMA synchronous = NORMAL; PRAGMA foreign_keys',
    suite: 'powercut',
  },
  {
    name: 'nothing is ever synced',
    file: 'connection.ts',
    from: 'PRAGMA synchronous = FULL; PRAGMA foreign_keys',
    to: 'PRAGMA synchronous = OFF; PRAGMA foreign_keys',
    suite: 'powercut',
  },
  {
    name: 'the journal is kept in memory',
    file: 'connection.ts',
    from: 'db.exec(`PRAGMA journal_mode = WAL;',
    to: 'db.exec(`PRAGMA journal_mode = MEMORY;',
    suite: 'powercut',
  },
  {
    name: 'the database is put in place before it is written',
    file: 'create.ts',
    from: "closeSync(openSync(fresh, 'wx', 0o600));",
    to: "closeSync(openSync(fresh, 'wx', 0o600)); place(fresh, path);",
    suite: 'powercut',
  },
  {
    name: 'each document is committed by itself',
    file: 'table.ts',
    from: 'const values = [key, document._rev,',
    to: "this.connection.db.exec('COMMIT; BEGIN IMMEDIATE'); const values = [key, document._rev,",
    suite: 'kill',
  },
  {
    name: 'a new version of an attachment is not stored',
    file: 'attachments.ts',
    from: '[...categorized.attachmentsAdd, ...categorized.attachmentsUpdate]',
    to: '[...categorized.attachmentsAdd]',
    suite: 'kill',
  },
  {
    name: 'an inclusive bound of a range excludes',
    file: 'range.ts',
    from: "(includes ? '=' : '')",
    to: "(includes ? '' : '')",
    suite: 'fuzz',
  },
  { name: '$gte means $gt', file: 'selector.ts', from: "$gte: '>=',", to: "$gte: '>',", suite: 'fuzz' },
  {
    name: 'texts are ordered by code points',
    file: 'keys.ts',
    from: 'if (code < FIRST_HIGH_UNIT) continue;',
    to: 'if (code >= 0) continue;',
    suite: 'fuzz',
  },
  {
    name: 'control characters are not escaped',
    file: 'keys.ts',
    from: 'if (hasControl(trimmed)) {',
    to: "if (trimmed === '\\u0001') {",
    suite: 'fuzz',
  },
  {
    name: 'numbers are cut, not rounded',
    file: 'keys.ts',
    from: 'Math.min(Math.round((clamped - floor)',
    to: 'Math.min(Math.floor((clamped - floor)',
    suite: 'fuzz',
  },
  {
    name: 'an absent value is not noted',
    file: 'layout.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of source
    from: 'if (value === undefined || value === null) marks.add(`absent:${field.path}`);',
    to: '',
    suite: 'fuzz',
  },
  {
    name: 'a number out of bounds is not noted',
    file: 'layout.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of source
    from: 'if (key !== value && value != null) marks.add(`irregular:${field.path}`);',
    to: '',
    suite: 'fuzz',
  },
  {
    name: 'remarks are kept only when all are new',
    file: 'table.ts',
    from: 'if ([...marks].every((mark) => known.has(mark))) return;',
    to: 'if ([...marks].some((mark) => known.has(mark))) return;',
    suite: 'fuzz',
  },
  {
    name: 'the limit forgets what is skipped',
    file: 'query.ts',
    from: 'const end = skip + limit;',
    to: 'const end = Math.max(skip, limit);',
    suite: 'fuzz',
  },
  {
    name: 'limit 0 means no limit',
    file: 'query.ts',
    from: "typeof query.limit === 'number' ? Math.max",
    to: 'query.limit ? Math.max',
    suite: 'fuzz',
  },
  {
    name: 'all sorts ascend',
    file: 'query.ts',
    from: "direction === 'desc' ? 'DESC' : 'ASC'",
    to: "direction === 'desc' ? 'ASC' : 'ASC'",
    suite: 'fuzz',
  },
  {
    name: 'a branch of $or without columns is left out',
    file: 'selector.ts',
    from: 'if (!usable || parts.some(({ conditions }) => conditions.length === 0)) return nothing;',
    to: 'if (!usable) return nothing; parts = parts.filter(({ conditions }) => conditions.length > 0);',
    suite: 'fuzz',
  },
  {
    name: 'cleanup removes what is not deleted',
    file: 'instance.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of source
    from: 'WHERE ${deleted} = 1 AND ${time} <= ?',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of source
    to: 'WHERE ${deleted} >= 0 AND ${time} <= ?',
    suite: 'fuzz',
  },
  {
    name: 'a conflict is not seen',
    file: 'instance.ts',
    from: 'if (previous?._rev === revision) stored.set(id, previous);',
    to: 'if (previous) stored.set(id, previous);',
    suite: 'contract',
  },
  {
    name: 'a checkpoint repeats its document',
    file: 'instance.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of source
    from: '(${time?.column}, id) > (?, ?)',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of source
    to: '(${time?.column}, id) >= (?, ?)',
    suite: 'contract',
  },
  {
    name: 'a failed write is not rolled back',
    file: 'connection.ts',
    from: '        this.rollBack();\n        throw error;',
    to: '        throw error;',
    suite: 'contract',
  },
  {
    name: 'the check at open does not look into indexes',
    file: 'connection.ts',
    from: 'PRAGMA integrity_check(10)',
    to: 'PRAGMA quick_check(10)',
    suite: 'contract',
  },
  {
    name: 'a file changed after it was closed counts as checked',
    file: 'checked.ts',
    from: ' ||\n      file !== identity(path)',
    to: '',
    suite: 'contract',
  },
  {
    name: 'a file that was not closed counts as checked',
    file: 'checked.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of source
    from: ' ||\n      existsSync(`${path}-wal`)',
    to: '',
    suite: 'contract',
  },
  {
    name: 'damage met while the file is open is forgotten',
    file: 'connection.ts',
    from: '        markSuspect(this.path);',
    to: '',
    suite: 'contract',
  },
  {
    name: 'damage that a backup found is forgotten',
    file: 'backup.ts',
    from: "if (typed instanceof StoreError && typed.code === 'STORE_DAMAGED') markSuspect(path);",
    to: '',
    suite: 'contract',
  },
  {
    name: 'a suspect file is opened without looking at its rows',
    file: 'connection.ts',
    from: 'if (format >= 2) checkRowsNow(db, sealer);',
    to: '',
    suite: 'contract',
  },
  {
    name: 'documents parsed together change places',
    file: 'payload.ts',
    from: 'for (const document of documents) found.push(document);',
    to: 'for (const document of documents) found.unshift(document);',
    suite: 'fuzz',
  },
  {
    name: 'a document sorted by its key alone is another one',
    file: 'query.ts',
    from: 'connection.row(rowSql, Number(row[0]))',
    to: 'connection.row(rowSql, Number(row[0]) + 1)',
    suite: 'fuzz',
  },
  {
    name: 'texts to sort by stay when their document changes',
    file: 'order.ts',
    from: '!isSame(kept[slot] ?? undefined, values)',
    to: '!kept[slot]',
    suite: 'contract',
  },
  {
    name: 'a sorted window forgets what is as low as its last row',
    file: 'order.ts',
    from: 'if (one === other) return 0;',
    to: 'return 0;',
    suite: 'fuzz',
  },
  {
    name: 'a far window begins where its first beginning does',
    file: 'order.ts',
    from: 'const from = skip - (range?.before ?? 0);',
    to: 'const from = range ? 0 : skip;',
    suite: 'contract',
  },
  {
    name: 'the texts of a deleted row stay',
    file: 'instance.ts',
    from: 'table.order?.put(new Map(rows.map((row) => [Number(row[1]), undefined])));',
    to: '',
    suite: 'contract',
  },
  {
    name: 'the first block of texts keeps the former key',
    file: 'order.ts',
    from: '1 + Math.floor(key / ROWS_IN_BLOCK)',
    to: 'Math.floor(key / ROWS_IN_BLOCK)',
    suite: 'contract',
  },
  {
    name: 'texts to sort by are written in the clear',
    file: 'table.ts',
    from: 'const payloads = payloadsOf(connection, orderName(name));',
    to: 'const payloads = new Payloads(undefined, name.database, name.collection, name.version);',
    suite: 'contract',
  },
  {
    name: 'regular expressions run without a limit',
    file: 'matching.ts',
    from: 'if (!inspect(selector).hasRegex) {',
    to: 'if (inspect(selector)) {',
    suite: 'contract',
  },
  {
    name: 'a file is put in place before it is sealed',
    file: 'create.ts',
    from: 'if (key) writeSealing(db, key);',
    to: 'if (key) { place(fresh, path); syncFolder(dirname(path)); writeSealing(db, key); }',
    suite: 'powercut sealed',
  },
  {
    name: 'a sealed attachment is not found by its name',
    file: 'payload.ts',
    from: 'return sealer.versions.map((version)',
    to: 'return sealer.versions.slice(1).map((version)',
    suite: 'kill sealed',
  },
  {
    name: 'what is sealed loses its marks',
    file: 'seal.ts',
    from: "cipher.update(plain, 'utf8')",
    to: "cipher.update(plain, 'latin1')",
    suite: 'fuzz sealed',
  },
  {
    name: 'the tag of what was sealed is not checked',
    file: 'seal.ts',
    from: 'decipher.final();',
    to: '',
    suite: 'contract',
  },
  {
    name: 'a nonce is used again',
    file: 'seal.ts',
    from: 'this.nonceAt += NONCE_BYTES;',
    to: '',
    suite: 'contract',
  },
  {
    name: 'what is sealed is not bound to its collection',
    file: 'payload.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of source
    from: 'this.place = `${JSON.stringify([database, collection, version])}:`;',
    to: "this.place = '';",
    suite: 'contract',
  },
];
