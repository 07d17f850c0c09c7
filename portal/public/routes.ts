import type { FastifyInstance } from 'fastify';
import type { Portal } from '../context.ts';
export async function publicRoutes(app: FastifyInstance, _portal: Portal): Promise<void> {
  app.get('/', { schema: { hide: true } }, async () => 'ok');
}
