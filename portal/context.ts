import type { FastifyBaseLogger } from 'fastify';
import type { SyncedCollection } from '../domain/contracts/index.ts';
import type { DocumentCache, LoadedDocument } from './decisions/documents.ts';
import type { SignInLimit } from './session/signInLimit.ts';
import type { Announcer } from './storage/announcer.ts';
import type { Db } from './storage/database.ts';

import type { Organisations } from './storage/organisations.ts';
import type { StoredFiles } from './storage/storedFiles.ts';

/** What the parts of the portal share. */
export interface Portal {
  readonly db: Db;
  readonly files: StoredFiles;
  readonly organisations: Organisations;
  readonly documents: DocumentCache;
  /** Text of an article was committed: what follows from it is done later. */
  readonly onText: (organisationId: string, document: LoadedDocument) => void;
  readonly announcer: Announcer;
  /** The portal's clock, in milliseconds since 1970. */
  readonly now: () => number;
  readonly log: FastifyBaseLogger;
  readonly tokenKey: Uint8Array;
  /** Failed sign-ins at any door. */
  readonly signInLimit: SignInLimit;
  /** Address by which citizens reach the portal; null: each request's own. */
  readonly publicUrl: string | null;
  readonly announce: (organisationId: string, collections: readonly SyncedCollection[]) => void;
}
