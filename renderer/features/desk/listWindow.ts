/** What stands where in a long list of which only a part is drawn. Heights in CSS pixels. */
export interface ListShape {
  readonly total: number;
  readonly rowHeight: number;
  readonly headHeight: number;
  /** Indexes of rows that have a group head above them, ascending. */
  readonly heads: readonly number[];
}

/** Height of everything above a row, its own group head not counted. */
export function offsetOf(shape: ListShape, index: number): number {
  const headsBefore = shape.heads.filter((head) => head < index).length;
  return index * shape.rowHeight + headsBefore * shape.headHeight;
}

export function totalHeight(shape: ListShape): number {
  return shape.total * shape.rowHeight + shape.heads.length * shape.headHeight;
}

/** Rows `[from, to)` to draw for a viewport, with some more on both sides. */
export function visibleRows(
  shape: ListShape,
  scrollTop: number,
  viewport: number,
  overscan = 8,
): { readonly from: number; readonly to: number } {
  if (shape.total === 0) return { from: 0, to: 0 };
  const headsAbove = (y: number): number =>
    shape.heads.filter((head) => offsetOf(shape, head) + shape.headHeight <= y).length;
  const rowAt = (y: number): number => Math.floor((y - headsAbove(y) * shape.headHeight) / shape.rowHeight);
  const from = Math.max(0, Math.min(shape.total - 1, rowAt(Math.max(0, scrollTop))) - overscan);
  const to = Math.min(shape.total, Math.max(0, rowAt(scrollTop + viewport)) + 1 + overscan);
  return { from, to };
}

/** Pages of `pageSize` rows that cover `[from, to)`, by number. */
export function pagesFor(from: number, to: number, pageSize: number): readonly number[] {
  const first = Math.floor(from / pageSize);
  const last = Math.max(first, Math.ceil(to / pageSize) - 1);
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** How far to scroll so that a row is in sight; null when it is. */
export function scrollToShow(
  shape: ListShape,
  index: number,
  scrollTop: number,
  viewport: number,
): number | null {
  const own = shape.heads.includes(index) ? shape.headHeight : 0;
  const top = offsetOf(shape, index);
  const bottom = top + own + shape.rowHeight;
  if (top < scrollTop) return top;
  if (bottom > scrollTop + viewport) return bottom - viewport;
  return null;
}
