import type { Mark, Run } from './types.ts';

function sameMarks(a: readonly Mark[] | undefined, b: readonly Mark[]): boolean {
  return (a?.length ?? 0) === b.length && b.every((mark, index) => a?.[index] === mark);
}

/** Appends text to runs, joining it to the last run when marks and link are the same. `marks` in canonical order. */
export function appendRun(runs: Run[], text: string, marks: readonly Mark[], href: string | undefined): void {
  if (text === '') return;
  const last = runs.at(-1);
  // A line break shows no marks, so it must not divide what reads as one run.
  if (last !== undefined && text === '\n' && last.href === href) last.text += text;
  else if (last !== undefined && last.href === href && sameMarks(last.marks, marks)) last.text += text;
  else {
    runs.push({
      text,
      ...(marks.length > 0 ? { marks: [...marks] } : {}),
      ...(href === undefined ? {} : { href }),
    });
  }
}

/** The plain text of runs. */
export function joinRuns(runs: readonly Run[]): string {
  return runs.map((run) => run.text).join('');
}
