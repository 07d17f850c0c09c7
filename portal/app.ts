import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import Fastify, {
  type FastifyInstance,
  type FastifySchemaCompiler,
  type FastifyServerOptions,
} from 'fastify';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { API_VERSION, API_VERSION_HEADER } from '../domain/contracts/index.ts';
import { adminRoutes } from './admin/routes.ts';
import type { Portal } from './context.ts';
import { DocumentCache } from './decisions/documents.ts';
import { errorBody, PortalError, toPortalError } from './errors.ts';
import { Housekeeping } from './files/housekeeping.ts';
import { SharedLocker } from './files/uploadLocks.ts';
import { compressExchange } from './plugins/compression.ts';
import { checkApiVersion } from './plugins/signedIn.ts';
import { publicRoutes } from './public/routes.ts';
import { languageOf } from './public/sentences.ts';
import { fileRoutes } from './routes/files.ts';
import { healthRoutes } from './routes/health.ts';
import { peopleRoutes } from './routes/people.ts';
import { presenceRoutes } from './routes/presence.ts';
import { reservationRoutes } from './routes/reservations.ts';
import { sessionRoutes } from './routes/session.ts';
import { syncRoutes } from './routes/sync.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { SignInLimit } from './session/signInLimit.ts';
import { Compactor } from './snapshots/compactor.ts';
import { Announcer } from './storage/announcer.ts';
import type { Db } from './storage/database.ts';
import { Organisations } from './storage/organisations.ts';
import type { StoredFiles } from './storage/storedFiles.ts';
import { PresenceHub } from './sync/presence.ts';
import { rejudgeOpen } from './sync/rejudge.ts';
import { watchReservations } from './sync/reservations.ts';
import { StreamHub } from './sync/stream.ts';

export interface AppOptions {
  readonly db: Db;
  /** For LISTEN; null when this is the only process, as in tests. */
  readonly databaseUrl: string | null;
  readonly files: StoredFiles;
  readonly tokenKey: Uint8Array;
  readonly now: () => number;
  readonly publicUrl: string | null;
  /** Requests of one address in a minute. */
  readonly requestsPerMinute: number;
  /** Whether the address of the caller is taken from `X-Forwarded-For`. */
  readonly trustProxy?: boolean;
  readonly logger: FastifyServerOptions['logger'];
}

/** The portal's application, not listening yet; `portal` is what its parts share. Closing it ends its streams, not its database. */
export async function buildApp(options: AppOptions): Promise<{ app: FastifyInstance; portal: Portal }> {
  const app = Fastify({
    logger: options.logger ?? false,
    trustProxy: options.trustProxy ?? false,
    bodyLimit: 1024 * 1024,
    requestTimeout: 0,
    return503OnClosing: true,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 600 },
    genReqId: () => crypto.randomUUID(),
  });
  const announcer = new Announcer(options.db, options.databaseUrl, (line) => app.log.warn(line));
  const portal: Portal = {
    db: options.db,
    files: options.files,
    organisations: new Organisations(options.db),
    documents: new DocumentCache(),
    onText: (organisationId, document) => compactor.consider(organisationId, document),
    announcer,
    now: options.now,
    log: app.log,
    tokenKey: options.tokenKey,
    signInLimit: new SignInLimit(options.now),
    publicUrl: options.publicUrl,
    announce: (organisationId, collections) => announcer.announce(organisationId, collections),
  };
  const compactor = new Compactor(portal);
  const housekeeping = new Housekeeping(portal);
  const stream = new StreamHub(announcer, options.now);
  const presence = new PresenceHub(announcer, stream, options.now);

  app.setValidatorCompiler(withDefaults);
  // What goes out has the types of the contract; the tests hold it to the schemas.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  answerErrors(app);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Soạn portal', version: String(API_VERSION) },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
  });
  await app.register(rateLimit, {
    max: options.requestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: () => new PortalError('rate-limited'),
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    if (!request.url.startsWith('/api/')) return;
    reply.headers({ 'cache-control': 'no-store', [API_VERSION_HEADER]: String(API_VERSION) });
    await checkApiVersion(request);
  });

  compressExchange(app);

  healthRoutes(app, portal, () => stream.size);
  sessionRoutes(app, portal);
  syncRoutes(app, portal, stream);
  presenceRoutes(app, portal, presence);
  reservationRoutes(app, portal);
  peopleRoutes(app, portal);
  fileRoutes(app, portal);
  await uploadRoutes(
    app,
    portal,
    options.databaseUrl === null ? null : new SharedLocker(options.db, app.log),
  );
  await adminRoutes(app, portal);
  await publicRoutes(app, portal);

  let rejudging: Promise<void> = Promise.resolve();
  let stopReservations = async (): Promise<void> => {};
  app.addHook('onReady', async () => {
    await announcer.start();
    await compactor.start();
    await housekeeping.start();
    stopReservations = watchReservations(portal);
    rejudging = rejudgeOpen(portal).catch((error: unknown) =>
      app.log.error({ err: error }, 'open proposals were not judged again'),
    );
  });
  app.addHook('preClose', async () => {
    presence.close();
    stream.close();
  });
  app.addHook('onClose', async () => {
    await rejudging;
    await stopReservations();
    await housekeeping.close();
    await compactor.close();
    await announcer.close();
  });
  return { app, portal };
}

/** TypeBox's own checks; addresses get the defaults of their schema first, bodies are taken as they are. */
const withDefaults: FastifySchemaCompiler<TSchema> = (route) => {
  const check = TypeBoxValidatorCompiler(route);
  if (route.httpPart === 'body') return check;
  return (value) => check(Value.Default(route.schema, { ...value }));
};

/** Every refusal is `{code, message}`; a bug is logged whole and shows only its code. */
function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const known = toPortalError(error);
    if (known.code === 'internal') request.log.error({ err: error }, 'a request failed');
    else request.log.info({ code: known.code, reason: String(error) }, 'refused');
    const language = languageOf(request.headers['accept-language']);
    return reply
      .code(known.statusCode)
      .headers({ 'content-language': language, 'cache-control': 'no-store' })
      .type('application/json; charset=utf-8')
      .send(errorBody(known, language));
  });
}
