/** One line of the source made wrong. */
export interface Change {
  /** From the project's folder. */
  readonly file: string;
  /** Must occur exactly once. */
  readonly from: string;
  readonly to: string;
}

/**
 * The product made wrong, for as long as a process runs. Faults in `portal/` are planted in the portal, all others in the
 * desks.
 */
export interface Fault extends Change {
  readonly name: string;
  /** Where two places do the same, one alone is no fault: what else is wrong, in other files of the desks. */
  readonly also?: readonly Change[];
  /** Steps of a history that reaches it; 70 unless told. */
  readonly steps?: number;
  /** Shows only where people are moved and get other roles. */
  readonly moves?: boolean;
  /** Shows only where the portal puts snapshots in the place of updates. */
  readonly gathers?: boolean;
}

const RXDB = 'node_modules/rxdb/dist/esm/replication-protocol';

export const FAULTS: readonly Fault[] = [
  {
    name: 'commits are skipped now and then',
    file: 'main/engine/store/connection.ts',
    from: "this.run('COMMIT');",
    to: "this.run(doing === 'writing documents' && Math.random() < 0.03 ? 'ROLLBACK' : 'COMMIT');",
  },
  {
    name: 'saved is said before it is written',
    file: 'main/engine/documents/documents.ts',
    from: 'const { error } = await disk.write(() => database.updates.bulkInsert([row]));',
    to: 'setTimeout(() => void database.updates.bulkInsert([row]), 900); const error: { status: number }[] = [];',
  },
  {
    name: 'the checkpoint is stored before the data',
    file: `${RXDB}/downstream.js`,
    from: 'persistenceQueue = persistenceQueue.then(() => {\n      var downDocsById',
    to: "persistenceQueue = persistenceQueue.then(async () => {\n      await setCheckpoint(state, 'down', nonPersistedFromMaster.checkpoint);\n      var downDocsById",
    also: [
      {
        file: 'main/engine/sync/firstLoad.ts',
        from: 'const lastAt = await write(options, page.documents);',
        to: 'if (page.checkpoint) await notes.reached(page.checkpoint, isLast, Date.now());\n      const lastAt = await write(options, page.documents);',
      },
    ],
  },
  {
    name: 'a page begins one place too late',
    file: 'portal/sync/readFeed.ts',
    from: ".where('updates.sequence', '>', after)",
    to: ".where('updates.sequence', '>', after === 0 ? 0 : after + 1)",
  },
  {
    name: '> for < among the proposals of a desk',
    file: 'portal/decisions/judge.ts',
    from: 'other.position < decision.position',
    to: 'other.position > decision.position',
    steps: 200,
  },
  {
    name: 'no resync when the stream opens again',
    file: 'main/engine/sync/sync.ts',
    from: '        replication?.resync();\n',
    to: '',
  },
  {
    name: 'the answer in conflicts is ignored',
    file: 'main/engine/sync/outgoing.ts',
    from: 'const answered = reply.conflicts.map((row) => ({ ...row, id: String(row.id) }));',
    to: 'const answered: { id: string }[] = [];',
    also: [
      {
        file: 'main/engine/sync/replication.ts',
        from: 'overlooked?.told(page.documents);',
        to: '',
      },
      {
        file: 'main/engine/sync/overlooked.ts',
        from: 'for (const row of reply.conflicts)',
        to: 'for (const row of reply.conflicts.slice(0, 0))',
      },
    ],
  },
  {
    name: 'rows count as pushed after a 5xx',
    file: 'main/engine/sync/outgoing.ts',
    from: '        timeoutMs,\n      });',
    to: '        timeoutMs,\n      }).catch((error) => { if (error.status >= 500) return { conflicts: [], refused: [] } as PushReply; throw error; });',
  },
  {
    name: 'what was refused counts as accepted',
    file: 'main/engine/sync/outgoing.ts',
    from: 'const refused = reply.refused.map(',
    to: 'const refused = reply.refused.slice(0, 0).map(',
    moves: true,
  },
  {
    name: 'decisions overtake the text that they were taken on',
    file: 'main/engine/sync/outgoing.ts',
    from: "(action !== 'declare' &&",
    to: "(action === 'declare' &&",
  },
  {
    name: 'text goes before its article is declared',
    file: 'main/engine/sync/outgoing.ts',
    from: "if (action === 'declare') undeclared.add(articleId);",
    to: '',
  },
  {
    name: 'what has gone is not told',
    file: 'portal/sync/pull.ts',
    from: "return wasSeen ? 'gone' : 'none';",
    to: "return 'none';",
    moves: true,
  },
  {
    name: 'places in the feed are taken without the lock',
    file: 'portal/storage/feed.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: lines of source
    from: "    await sql`select pg_advisory_xact_lock(${FEED_LOCK}, hashtext(${organisationId}))`.execute(tx);\n    for (const [collection, ids] of this.#touched) {\n      if (ids.size === 0) continue;\n      await sql`\n        update ${sql.table(collection)} set sequence = nextval('feed_sequence')\n        where organisation_id = ${organisationId} and id = any(${[...ids]}::text[])`.execute(tx);\n    }\n",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: lines of source
    to: "    for (const [collection, ids] of this.#touched) {\n      if (ids.size === 0) continue;\n      await sql`\n        update ${sql.table(collection)} set sequence = nextval('feed_sequence')\n        where organisation_id = ${organisationId} and id = any(${[...ids]}::text[])`.execute(tx);\n    }\n    await sql`select pg_sleep(0.01)`.execute(tx);\n",
  },
  {
    name: 'the id of a request is dropped',
    file: 'main/engine/documents/documents.ts',
    from: 'const row = await write(rowOf(articleId, updateId, update, rights.held));',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of source
    to: 'const row = await write(rowOf(articleId, `${updateId}.${now()}`, update, rights.held));',
  },
  {
    name: 'the fingerprint is not compared',
    file: 'portal/decisions/judge.ts',
    from: 'fingerprint: document?.fingerprint ?? null }',
    to: 'fingerprint: decision.fingerprint }',
  },
  {
    name: 'everybody sees everything',
    file: 'portal/sync/pull.ts',
    from: 'if (maySee(actor, article)) {',
    to: 'if (article) {',
  },
  {
    name: 'who may see more does not get what was before',
    file: 'portal/decisions/judge.ts',
    from: 'if (audience(article) !== audience(this.article)) await this.#sendAllAgain();',
    to: '',
  },
  {
    name: 'a file counts as uploaded before it is',
    file: 'main/engine/files/tus.ts',
    from: "    const response = await api.raw({ method: 'HEAD', path: fileQuery(task), signal });\n    if (response.status === 404) return false;",
    to: "    const response = await api.raw({ method: 'HEAD', path: fileQuery(task), signal });\n    if (response.status === 404) return true;",
  },
  {
    name: 'a stored file is not told',
    file: 'portal/files/finishUpload.ts',
    from: "feed.touch('files', ...rows.map((row) => row.id));",
    to: '',
  },
  {
    name: 'updates from elsewhere do not reach the open text',
    file: 'main/engine/documents/documents.ts',
    from: 'if (registry.peek(row.articleId) && !(await registry.apply(row.articleId, update))) return;',
    to: '',
  },
  {
    name: 'nothing begins anew after a full disk',
    file: 'main/engine/documents/disk.ts',
    from: '      options.onRecovered();',
    to: '',
  },
  {
    name: 'two proposals have one position',
    file: 'main/engine/decisions/propose.ts',
    from: '(last[0]?.position ?? -1) + 1',
    to: 'Math.max(0, last[0]?.position ?? 0)',
  },
  {
    name: 'a repeated proposal is refused',
    file: 'portal/sync/pushDecisions.ts',
    from: 'if (before && isSameProposal(decisionRow(before), row)) repeated.push(row.id);',
    to: 'if (before && row.position < 0) repeated.push(row.id);',
  },
  {
    name: 'the link does not try again by itself',
    file: 'main/engine/sync/link.ts',
    from: '      timer = setTimeout(() => {\n        unlock();',
    to: '      timer = setTimeout(() => {\n        onChange();\n        if (failures > 0) return;\n        unlock();',
  },
  {
    name: 'a desk looks for changes again and again',
    file: 'main/engine/sync/replication.ts',
    from: 'empty.note(checkpoint, page);',
    to: "empty.note(checkpoint, page); setTimeout(() => stream.next('RESYNC'), 9000);",
  },
  {
    name: 'a silent stream is believed for ever',
    file: 'main/engine/sync/stream.ts',
    from: 'const SILENCE_MS = 90_000;',
    to: 'const SILENCE_MS = 90_000_000;',
  },
  {
    name: 'who wrote after the submission is not noted',
    file: 'portal/decisions/judge.ts',
    from: 'changed && !article.contributors.includes(authorId)',
    to: 'changed && article.contributors.includes(authorId)',
  },
  {
    name: 'what is not declared leaves the machine',
    file: 'main/engine/sync/outgoing.ts',
    from: 'const free = { sent: 0, held: false };',
    to: 'const free = { sent: 0 };',
  },
  {
    name: 'a snapshot takes with it what it does not contain',
    file: 'main/engine/documents/covering.ts',
    from: "const covered = taken.filter((row) => isContained(Buffer.from(row.update, 'base64')));",
    to: 'const covered = isContained ? taken : [];',
    gathers: true,
  },
  {
    name: 'a snapshot does not reach the text that is open',
    file: 'main/engine/documents/documents.ts',
    from: 'if (doc && !containedIn(doc)(update) && (await registry.apply(articleId, update))) {',
    to: 'if (doc && !containedIn(doc)(update) && articleId === "") {',
    gathers: true,
  },
];
