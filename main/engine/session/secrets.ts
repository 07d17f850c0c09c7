import { randomUUID } from 'node:crypto';
import type { FromEngine, ToEngineProcess } from '../processMessages.ts';

type SecretReply = Extract<ToEngineProcess, { kind: 'secret' }>;

const TIMEOUT_MS = 20_000;

/** Asks the shell to protect texts by the system's key store, which only the shell may use. */
export function createSecrets(post: (message: FromEngine) => void) {
  const open = new Map<string, (reply: SecretReply) => void>();

  const ask = (kind: 'protect' | 'unprotect', text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const id = randomUUID();
      const timer = setTimeout(() => {
        open.delete(id);
        reject(new Error(`the key store did not answer: ${kind}`));
      }, TIMEOUT_MS);
      open.set(id, (reply) => {
        clearTimeout(timer);
        open.delete(id);
        if (reply.ok) resolve(reply.value);
        else reject(new Error(`the key store refused: ${kind}`));
      });
      post(kind === 'protect' ? { kind, id, text } : { kind, id, base64: text });
    });

  return {
    protect: (text: string) => ask('protect', text),
    unprotect: (base64: string) => ask('unprotect', base64),
    answered: (reply: SecretReply) => open.get(reply.id)?.(reply),
  };
}
