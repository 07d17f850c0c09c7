import { openDatabases } from './databases.ts';
import { DeskHosts } from './deskHost.ts';
import { runSeed, type SeedTask } from './runSeed.ts';

/** A process that runs seeds, one after the other, as it is told. */

export interface MemberSetup {
  readonly server: string;
  readonly bundle: string;
  readonly scratch: string;
}

const { server, bundle, scratch } = JSON.parse(process.env.SOAN_SIMULATION ?? '{}') as MemberSetup;
const hosts = new DeskHosts(bundle);
const databases = await openDatabases(server);
process.on('unhandledRejection', (error) => process.stderr.write(`unhandled: ${String(error)}\n`));
process.on('message', (task: SeedTask) => {
  runSeed({ ...task, hosts, scratch, databases }).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String((error as Error)?.stack ?? error)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
