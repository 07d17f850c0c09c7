export * from './access.ts';
export * from './decide.ts';
