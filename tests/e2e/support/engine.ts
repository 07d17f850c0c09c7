import type { ElectronApplication } from '@playwright/test';

/** Process id of the app's engine; null while none runs. */
export function enginePid(app: ElectronApplication): Promise<number | null> {
  return app.evaluate(
    ({ app: electronApp }) =>
      electronApp.getAppMetrics().find((metric) => metric.name === 'soan-engine')?.pid ?? null,
  );
}

/** Ends the engine by SIGKILL, as a crash would; false when none was running. */
export async function killEngine(app: ElectronApplication): Promise<boolean> {
  const pid = await enginePid(app);
  if (pid === null) return false;
  process.kill(pid, 'SIGKILL');
  return true;
}
