import * as Y from 'yjs';

/** Restores an item of a sequence as what it is: a local insertion between two neighbours. */
function settleNeighbours(item: Y.Item): void {
  const parent = item.parent;
  if (item.parentSub !== null || !(parent instanceof Y.AbstractType)) return;
  const right = item.left === null ? parent._start : item.left.right;
  if (item.right === right) return;
  item.right = right;
  item.rightOrigin = right === null ? null : right.id;
}

/**
 * An undo manager whose undo never lets documents drift apart. Yjs restores deleted text between a
 * left and a right neighbour that it looks up one by one; after nested edits the right one may not
 * stand to the right of the left one any more, and then two machines with the same updates put the
 * text in different places (github.com/yjs/yjs/issues/794, met about once in 1,200 random
 * sessions). While undoing, items are therefore put straight after their left neighbour.
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
    const integrate = Y.Item.prototype.integrate;
    Y.Item.prototype.integrate = function (transaction, offset) {
      if (transaction.origin === manager && offset === 0) settleNeighbours(this);
      integrate.call(this, transaction, offset);
    };
    try {
      return run();
    } finally {
      Y.Item.prototype.integrate = integrate;
    }
  }
}
