import { titleText } from '../../../../domain/document/index.ts';
import { storageAt } from '../../../../main/engine/database.ts';
import { newId, startEngine } from './desk.ts';
import { createFakePortal } from './fakePortal.ts';
import { openText, propose, writeWhole } from './writing.ts';

/**
 * A desk whose disk is full for a while, in the middle of an exchange. In a process of its own, because RxDB leaves rejections
 * unhandled then, which the engine's process logs and survives.
 */
process.on('unhandledRejection', () => undefined);
let isFull = false;
let isFullForMeta = false;
const storage = (...given: Parameters<typeof storageAt>) => {
  const real = storageAt(...given);
  return {
    ...real,
    createStorageInstance: async (parameters: Parameters<typeof real.createStorageInstance>[0]) => {
      const instance = await real.createStorageInstance(parameters);
      const write = instance.bulkWrite.bind(instance);
      const isMeta = parameters.collectionName.startsWith('rx-replication-meta');
      instance.bulkWrite = (rows, context) =>
        isFull || (isFullForMeta && isMeta)
          ? Promise.reject(Object.assign(new Error('disk full'), { code: 'STORE_FULL' }))
          : write(rows, context);
      return instance;
    },
  } as ReturnType<typeof storageAt>;
};

const say = (what: string, value: unknown) => process.send?.({ what, value });
const portal = createFakePortal();
const { engine, window } = await startEngine({ fetch: portal.fetch, storage });
await window.must('session.signIn', { account: 'liaison', password: 'right' });
await window.until('directory.all', {}, (all) => all.profile !== null);
const articleId = newId('article');
await window.must('articles.create', { articleId, categoryId: 'other', title: 'Bài' });
await propose(window, articleId, 'declare', null);
await engine.settled();
const text = await openText(window, articleId);

isFull = true;
const update = { articleId, updateId: newId('u'), update: new Uint8Array() };
const refusal = await text.write(writeWhole('Không ghi được.')).then(
  () => 'written',
  (error: Error) => error.message,
);
say('refusal', refusal);
say(
  'create',
  (await window.refusal('articles.create', { articleId: newId('a'), categoryId: 'other', title: '' })).code,
);
say('unsaved', (await window.look('connection.state', {})).unsavedSince !== null);
for (let n = 0; n < 5; n += 1) {
  portal.put('articles', { ...row(`during-${n}`) });
  portal.cutStreams();
  await new Promise((resolve) => setTimeout(resolve, 100));
}
isFull = false;
const state = await window.until(
  'connection.state',
  {},
  (one) => one.unsavedSince === null && one.online,
  20_000,
);
say('recovered', state.unsavedSince);
await window.until(
  'articles.list',
  { view: 'all', sort: 'due', offset: 0, count: 50 },
  ({ total }) => total === 6,
  20_000,
);
say('pulled', true);
await text.reload();
await text.write((doc) => titleText(doc).insert(0, 'Lại ghi được '), update.updateId);
await window.until('connection.state', {}, (one) => one.waiting === 0 && one.online, 20_000);
say(
  'pushed',
  portal.rowsOf('updates').some((one) => one.id === update.updateId),
);

isFullForMeta = true;
portal.put('articles', row('meta-1'));
await window.until(
  'articles.list',
  { view: 'all', sort: 'due', offset: 0, count: 50 },
  ({ total }) => total === 7,
  20_000,
);
await new Promise((resolve) => setTimeout(resolve, 300));
isFullForMeta = false;
await window.until('connection.state', {}, (one) => one.unsavedSince === null, 20_000);
await new Promise((resolve) => setTimeout(resolve, 300));
portal.put('articles', row('meta-2'));
await window.until(
  'articles.list',
  { view: 'all', sort: 'due', offset: 0, count: 50 },
  ({ total }) => total === 8,
  20_000,
);
say('notes of the exchange', 'written again');
await engine.stop();
process.exit(0);

function row(id: string) {
  return {
    id,
    unitId: 'unit-a',
    channel: 'vi',
    categoryId: 'other',
    sourceArticleId: null,
    counterpartId: null,
    title: id,
    summary: '',
    state: 'published',
    version: 1,
    fingerprint: null,
    contributors: [],
    createdBy: 'x',
    createdAt: 1,
    updatedAt: 1,
    submittedAt: 1,
    publishedAt: 1,
    publishedFingerprint: null,
    publicPath: null,
    due: null,
    reason: null,
  };
}
