export * from './access.ts';
export * from './decide.ts';
export * from './reservations.ts';
export * from './standing.ts';
