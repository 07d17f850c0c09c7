import * as Y from 'yjs';
import { GONE, isBreak, isGone, markGone, wholeOf } from '../../../../domain/document/gone.ts';

/** Restores an item of a sequence as what it is: a local insertion between two neighbours. */
function settleNeighbours(item: Y.Item): void {
  const parent = item.parent;
  if (item.parentSub !== null || !(parent instanceof Y.AbstractType)) return;
  const right = item.left === null ? parent._start : item.left.right;
  if (item.right === right) return;
  item.right = right;
  item.rightOrigin = right === null ? null : right.id;
}

/** Whether the element was marked as gone by this transaction. */
function isMarkedNow(element: Y.XmlElement, { beforeState }: Y.Transaction): boolean {
  const id = element._map.get(GONE)?.id;
  return isGone(element) && id !== undefined && id.clock >= (beforeState.get(id.client) ?? 0);
}

/** True if the item is an element or text that was removed in the way that keeps what others write into it. */
function isKept(item: Y.Item, transaction: Y.Transaction): boolean {
  const type = item.content instanceof Y.ContentType ? item.content.type : null;
  if (type instanceof Y.XmlText) return true;
  if (!(type instanceof Y.XmlElement) || isBreak(type)) return false;
  if (item.deleted) return true;
  // Children are taken back first. What holds them speaks for them now: a table is to keep its cells.
  for (const part of wholeOf(type))
    if (part instanceof Y.XmlElement && isMarkedNow(part, transaction)) part.removeAttribute(GONE);
  markGone(type);
  return true;
}

/**
 * An undo manager whose undo never lets documents drift apart. Yjs restores deleted text between a
 * left and a right neighbour that it looks up one by one; after nested edits the right one may not
 * stand to the right of the left one any more, and then two machines with the same updates put the
 * text in different places (github.com/yjs/yjs/issues/794, met about once in 1,200 random
 * sessions). While undoing, items are therefore put straight after their left neighbour. A block that is taken back is removed as blocks
 * are, see `GONE`, so that what others wrote into it stays.
 */
export class SoundUndoManager extends Y.UndoManager {
  override undo() {
    return this.#withSoundNeighbours(() => super.undo());
  }

  override redo() {
    return this.#withSoundNeighbours(() => super.redo());
  }

  #withSoundNeighbours<T>(run: () => T): T {
    const manager = this;
    const { integrate, delete: remove } = Y.Item.prototype;
    Y.Item.prototype.integrate = function (transaction, offset) {
      if (transaction.origin === manager && offset === 0) settleNeighbours(this);
      integrate.call(this, transaction, offset);
    };
    Y.Item.prototype.delete = function (transaction) {
      if (transaction.origin !== manager || !isKept(this, transaction)) remove.call(this, transaction);
    };
    try {
      return run();
    } finally {
      Object.assign(Y.Item.prototype, { integrate, delete: remove });
    }
  }
}
