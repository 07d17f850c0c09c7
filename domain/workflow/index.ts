export * from './access.ts';
export * from './decide.ts';
export * from './standing.ts';
export * from './reservations.ts';
