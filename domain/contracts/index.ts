export * from './define.ts';
export * from './desk.ts';
export * from './errors.ts';
export * from './portalApi.ts';
export * from './presence.ts';
export * from './reservations.ts';
export * from './rows.ts';
export * from './wire.ts';
