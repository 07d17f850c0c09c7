import type { ServerResponse } from 'node:http';
import Fastify from 'fastify';

/** An event stream with nothing around it, in a process of its own: what the portal's is measured beside. */
const app = Fastify();
const readers = new Set<ServerResponse>();
app.get('/stream', (request, reply) => {
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
  reply.raw.write('event: hello\ndata: {}\n\n');
  readers.add(reply.raw);
  request.raw.once('close', () => readers.delete(reply.raw));
});
app.post('/tell', async (request) => {
  const text = `event: changed\ndata: ${JSON.stringify(request.body)}\n\n`;
  for (const reader of readers) reader.write(text);
  return {};
});
process.send?.(await app.listen({ host: '127.0.0.1', port: 0 }));
process.on('disconnect', () => process.exit(0));
