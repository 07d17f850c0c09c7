import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Type } from 'typebox';
import { Strict } from '../../domain/contracts/index.ts';
import type { Portal } from '../context.ts';

/** For those who run the portal: whether it works, and figures. Kept from citizens by the server in front. */
export function healthRoutes(app: FastifyInstance, portal: Portal, streams: () => number): void {
  app.get(
    '/healthz',
    {
      logLevel: 'warn',
      config: { rateLimit: false },
      schema: {
        summary: 'Whether the portal and its database work',
        tags: ['running'],
        response: { 200: Strict({ ok: Type.Boolean() }), 503: Strict({ ok: Type.Boolean() }) },
      },
    },
    async (request, reply) => {
      try {
        await sql`select 1 from organisations limit 1`.execute(portal.db);
        return { ok: true };
      } catch (error) {
        request.log.error({ error: String(error) }, 'the database does not answer');
        return reply.code(503).send({ ok: false });
      }
    },
  );

  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'soan_portal_request_seconds',
    help: 'Duration of requests by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  });
  const errors = new Counter({
    name: 'soan_portal_server_errors_total',
    help: 'Requests answered with a status of 500 or more',
    registers: [registry],
  });
  new Gauge({
    name: 'soan_portal_streams',
    help: 'Open event streams of this process',
    registers: [registry],
    collect() {
      this.set(streams());
    },
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    durations.observe(
      { method: request.method, route, status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    );
    if (reply.statusCode >= 500) errors.inc();
  });
  app.get(
    '/metrics',
    {
      logLevel: 'warn',
      schema: {
        summary: 'Figures in the text format of Prometheus',
        tags: ['running'],
        response: { 200: { type: 'string', description: 'text/plain' } },
      },
    },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}
