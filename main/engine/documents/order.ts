import type { DeskDatabase } from '../database.ts';

/** Gives every row that this desk writes its place among those that wait: 1, 2, 3 … */
export type NextOrder = () => number;

/**
 * Counts on from what still waits here. The clock of the machine can't serve: it may be set back. What is not
 * waiting any more has no say, so nothing else needs to be looked at.
 */
export async function countOrder(database: DeskDatabase): Promise<NextOrder> {
  const selector = { sent: 0 };
  const [updates, decisions] = await Promise.all([
    database.updates.find({ selector }).exec(),
    database.decisions.find({ selector }).exec(),
  ]);
  let last = 0;
  for (const { order } of [...updates, ...decisions]) last = Math.max(last, order);
  return () => {
    last += 1;
    return last;
  };
}
