import { enableCompileCache } from 'node:module';

enableCompileCache();

void import('./process.ts').then(({ serveShell }) => serveShell());
