/**
 * What modules of the desk keep of an engine, each with what puts it back to how a new process has it. Appended to the modules on
 * their way into the bundle (`deskBundle.ts`).
 */
const forgetters: (() => void)[] = [];
Object.assign(globalThis, { forgetWithEngine: (forget: () => void) => forgetters.push(forget) });

/** Nothing in this thread knows of an earlier engine any more. */
export function forgetAll(): void {
  for (const forget of forgetters) forget();
}
