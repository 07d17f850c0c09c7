import { setImmediate as breathe } from 'node:timers/promises';
import { decodeSegment, encodeSegment, INDEX_FORMAT } from './codec.ts';
import type { Pile } from './pile.ts';
import type { DocEntry, Segment } from './segment.ts';
import type { Vault } from './vault.ts';

interface Manifest {
  readonly format: number;
  /** Next free number for a file. */
  readonly next: number;
  readonly segments: readonly { readonly file: number; readonly dead: readonly number[] }[];
}

/**
 * What is on disk of the index. Files never change: a save writes new ones, then the manifest that names them, then removes those that
 * it no longer names. So after a crash there is the index as of one save or the next.
 */
export interface Shelf {
  /** Fills the pile. What is missing or damaged is left out and reported; its articles are then unknown and are put again. */
  load(pile: Pile): Promise<void>;
  /** Keeps the text until the next save. */
  keepText(entry: DocEntry, text: Uint8Array): void;
  dropText(entry: DocEntry): void;
  /** Bytes of texts that only memory has. */
  unsavedBytes(): number;
  save(pile: Pile): Promise<void>;
  readText(entry: DocEntry): Promise<Uint8Array | null>;
}

/** More packs of texts than this are put together. */
const MAX_PACKS = 24;
const SMALL_PACK = 4 * 1024 * 1024;
/** Articles looked at before others get their turn. */
const AT_ONCE = 4096;

const segmentFile = (file: number): string => `segment-${file}`;
const textFile = (file: number): string => `texts-${file}`;

export function createShelf(vault: Vault, onDamage: (file: string) => void): Shelf {
  const files = new WeakMap<Segment, number>();
  const unsaved = new Map<DocEntry, Uint8Array>();
  let unsavedBytes = 0;
  let next = 1;

  const dropText = (entry: DocEntry) => {
    unsavedBytes -= unsaved.get(entry)?.byteLength ?? 0;
    unsaved.delete(entry);
  };

  const keepText = (entry: DocEntry, text: Uint8Array) => {
    dropText(entry);
    unsaved.set(entry, text);
    unsavedBytes += text.byteLength;
  };

  const readText = async (entry: DocEntry): Promise<Uint8Array | null> => {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const here = unsaved.get(entry);
      if (here) return here;
      if (entry.text === null) return null;
      const [pack, offset, length] = entry.text;
      const read = await vault.readRecord(textFile(pack), entry.id, offset, length);
      // A save may have moved it in the meantime.
      if (read !== null) return read;
    }
    return null;
  };

  const loadSegment = async (file: number): Promise<Segment | null> => {
    const bytes = await vault.read(segmentFile(file));
    if (!bytes) return null;
    try {
      return await decodeSegment(bytes);
    } catch {
      return null;
    }
  };

  const readManifest = async (): Promise<Manifest | null> => {
    const bytes = await vault.read('manifest');
    if (bytes === undefined) return null;
    try {
      const manifest = bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as Manifest);
      if (manifest?.format === INDEX_FORMAT) return manifest;
    } catch {
      // Reported below.
    }
    onDamage('manifest');
    return null;
  };

  const removeAllBut = async (wanted: ReadonlySet<string>) => {
    for (const name of await vault.list())
      if (name !== 'manifest' && !wanted.has(name)) await vault.remove(name);
  };

  /** Texts still in use: bytes by pack. */
  const usedPacks = async (pile: Pile): Promise<Map<number, number>> => {
    const used = new Map<number, number>();
    let steps = 0;
    for (const id of pile.ids()) {
      steps += 1;
      if (steps % AT_ONCE === 0) await breathe();
      const text = pile.find(id)?.text;
      if (text) used.set(text[0], (used.get(text[0]) ?? 0) + text[2]);
    }
    return used;
  };

  /** Takes the texts of many small packs back into memory, so that the save puts them into one. */
  const gatherSmallPacks = async (pile: Pile) => {
    const used = await usedPacks(pile);
    if (used.size <= MAX_PACKS) return;
    const small = new Set([...used].filter(([, bytes]) => bytes < SMALL_PACK).map(([pack]) => pack));
    if (small.size < 2) return;
    let steps = 0;
    for (const id of [...pile.ids()]) {
      steps += 1;
      if (steps % 256 === 0) await breathe();
      const entry = pile.find(id);
      if (!entry?.text || !small.has(entry.text[0])) continue;
      const text = await readText(entry);
      if (text !== null && pile.find(id) === entry) keepText(entry, text);
    }
  };

  const saveTexts = async (pile: Pile) => {
    const entries = [...unsaved].filter(([entry]) => pile.find(entry.id) === entry);
    if (entries.length === 0) return;
    const pack = next;
    next += 1;
    const records = entries.map(([entry, bytes]) => ({ about: entry.id, bytes }));
    const places = await vault.writeRecords(textFile(pack), records);
    entries.forEach(([entry, bytes], index) => {
      const place = places[index];
      if (!place || unsaved.get(entry) !== bytes) return;
      entry.text = [pack, ...place];
      const segment = pile.segmentOf(entry.id);
      // The segment on disk names the old place.
      if (segment && pile.find(entry.id) === entry) files.delete(segment);
      dropText(entry);
    });
  };

  return {
    keepText,
    dropText,
    readText,
    unsavedBytes: () => unsavedBytes,

    async load(pile) {
      const manifest = await readManifest();
      const names = new Set(await vault.list());
      const wanted = new Set<string>();
      // Numbers of files that a crash left behind are not used again before these are gone.
      for (const name of names) next = Math.max(next, Number(/\d+$/.exec(name)?.[0] ?? 0) + 1);
      next = Math.max(next, manifest?.next ?? 1);
      for (const { file, dead } of manifest?.segments ?? []) {
        const segment = await loadSegment(file);
        if (segment === null) {
          onDamage(segmentFile(file));
          continue;
        }
        for (const doc of dead) {
          segment.dead[doc] = 1;
          segment.alive -= 1;
        }
        files.set(segment, file);
        wanted.add(segmentFile(file));
        const missing = new Set<string>();
        pile.add(segment, ({ text }) => {
          const pack = text === null ? '' : textFile(text[0]);
          if (names.has(pack)) {
            wanted.add(pack);
            return true;
          }
          missing.add(pack);
          return false;
        });
        for (const pack of missing) onDamage(pack);
        await breathe();
      }
      await removeAllBut(wanted);
    },

    async save(pile) {
      await gatherSmallPacks(pile);
      await saveTexts(pile);
      const segments: Manifest['segments'][number][] = [];
      // As of now: what is removed while this is being saved is still named by what is saved.
      const wanted = new Set([...(await usedPacks(pile)).keys()].map(textFile));
      for (const segment of pile.segments()) {
        let file = files.get(segment);
        if (file === undefined) {
          file = next;
          next += 1;
          await vault.write(segmentFile(file), await encodeSegment(segment));
          files.set(segment, file);
        }
        const dead: number[] = [];
        segment.dead.forEach((isDead, doc) => {
          if (isDead === 1) dead.push(doc);
        });
        segments.push({ file, dead });
        wanted.add(segmentFile(file));
        await breathe();
      }
      const manifest: Manifest = { format: INDEX_FORMAT, next, segments };
      await vault.write('manifest', [Buffer.from(JSON.stringify(manifest))]);
      await removeAllBut(wanted);
    },
  };
}
