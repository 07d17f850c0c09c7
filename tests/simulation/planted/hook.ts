import { registerHooks } from 'node:module';
import type { Fault } from './faults.ts';

/** Loaded before everything else in a process that is to run with a fault in the portal: changes the line in memory. */
const fault = JSON.parse(process.env.SOAN_SIMULATION_FAULT ?? 'null') as Fault | null;
if (fault)
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.endsWith(`/${fault.file}`)) return loaded;
      const source = String(loaded.source);
      if (source.split(fault.from).length !== 2)
        throw new Error(`the fault "${fault.name}" does not fit the source any more`);
      return { ...loaded, source: source.replace(fault.from, () => fault.to) };
    },
  });
