import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { dateInVietnam } from '../../domain/deadlines/index.ts';
import type { Portal } from '../context.ts';
import { PortalError, toPortalError } from '../errors.ts';
import { loadAssets } from '../public/assets.ts';
import { html } from '../public/html.ts';
import { CSP } from '../public/problems.ts';
import { type Language, sentence } from '../public/sentences.ts';
import { checkPassword } from '../session/sessions.ts';
import { newSecret } from '../session/tokens.ts';
import { VersionConflict } from '../storage/versions.ts';
import { calendarPages } from './calendarPages.ts';
import { delegationPages } from './delegationPages.ts';
import { Form, readForm, readMultipart } from './form.ts';
import { historyPages } from './historyPages.ts';
import { renderAdmin, renderPlain } from './layout.ts';
import { overviewPages } from './overviewPages.ts';
import { passwordPages } from './passwordPages.ts';
import { peoplePages } from './peoplePages.ts';
import { profilePages } from './profilePages.ts';
import { beginSession, endSession, formToken, isFormToken, readSession } from './session.ts';
import { signInPage } from './signInPage.ts';
import { moment } from './ui.ts';
import { unitPages } from './unitPages.ts';
import type { Door, Handler, Outcome, Visit } from './visit.ts';

const ROOT = '/quan-tri';
const SESSION_COOKIE = 'soan-quan-tri';
/** Binds the form of signing in to the browser that asked for it. */
const DOOR_COOKIE = 'soan-quan-tri-cua';
const LANGUAGE_COOKIE = 'soan-quan-tri-tieng';
const FORM_LIMIT = 256 * 1024;

/** Administration in the browser: pages made on the server that need no script, for administrators alone. */
export async function adminRoutes(app: FastifyInstance, portal: Portal): Promise<void> {
  const { adminStylePath: stylePath } = await loadAssets();
  const hide = { schema: { hide: true } };

  await app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, next) => next(null, readForm(String(body))),
    );
    scope.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (request, body, next) => {
      try {
        next(null, readMultipart(Buffer.from(body), request.headers['content-type'] ?? ''));
      } catch (error) {
        next(error instanceof Error ? error : new Error(String(error)));
      }
    });
    scope.addHook('onRequest', async (_request, reply) => {
      reply.headers({
        'content-security-policy': CSP,
        'cache-control': 'no-store',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'x-frame-options': 'DENY',
      });
    });
    scope.setErrorHandler((error, request, reply) => {
      const language = languageOfVisit(request);
      if (error instanceof VersionConflict) return tellConflict(reply, request, language, error);
      const known = toPortalError(error);
      if (known.code === 'internal') request.log.error({ err: error }, 'a page of administration failed');
      else request.log.info({ code: known.code }, 'refused');
      if (known.code === 'not-signed-in') return reply.redirect(signInAddress(request), 303);
      return sendPlain(reply, request, known.statusCode, sentence(language, `error.${known.code}`));
    });

    const tellConflict = async (
      reply: FastifyReply,
      request: FastifyRequest,
      language: Language,
      { latest }: VersionConflict,
    ) => {
      const person = await personOf(portal, latest.organisation_id, latest.changed_by);
      const text = sentence(language, 'admin.conflict', {
        name: person?.[language] ?? sentence(language, 'admin.history.setUp'),
        at: moment({ language } as Visit, latest.changed_at),
      });
      return sendPlain(reply, request, 409, text);
    };

    const sendPlain = (reply: FastifyReply, request: FastifyRequest, status: number, text: string) => {
      const language = languageOfVisit(request);
      const body = renderPlain(
        { language, stylePath, url: ROOT },
        sentence(language, 'admin.notDone'),
        html`<p>${text}</p><p><a class="btn" href="${ROOT}">${sentence(language, 'admin.backHome')}</a></p>`,
      );
      return sendHtml(reply, language, body, status);
    };

    const visitOf = async (request: FastifyRequest): Promise<Visit> => {
      const secret = cookieOf(request, SESSION_COOKIE);
      const administrator = secret ? await readSession(portal, secret) : null;
      if (!secret || !administrator) throw new PortalError('not-signed-in');
      const [, query = ''] = request.url.split('?');
      return {
        portal,
        ...administrator,
        language: languageOfVisit(request),
        url: request.url,
        params: request.params as Record<string, string>,
        query: new URLSearchParams(query),
        form: request.body instanceof Form ? request.body : new Form([]),
        token: formToken(portal.tokenKey, secret),
        secret,
        stylePath,
        today: dateInVietnam(new Date(portal.now()).toISOString()),
      };
    };

    const send = (reply: FastifyReply, visit: Visit, outcome: Outcome) => {
      if ('to' in outcome) return reply.redirect(outcome.to, 303);
      if ('file' in outcome)
        return reply
          .type(outcome.type)
          .header('content-disposition', `attachment; filename="${outcome.name}"`)
          .send(outcome.file);
      return sendHtml(reply, visit.language, renderAdmin(visit, outcome.page), outcome.status ?? 200);
    };

    const door: Door = {
      get: (path, handle) => {
        scope.get(`${ROOT}${path}`, hide, async (request, reply) => {
          const visit = await visitOf(request);
          return send(reply, visit, await handle(visit));
        });
      },
      post: (path, handle: Handler, limit = FORM_LIMIT) => {
        scope.post(`${ROOT}${path}`, { ...hide, bodyLimit: limit }, async (request, reply) => {
          const visit = await visitOf(request);
          expectOwnForm(request, portal.tokenKey, visit.secret);
          return send(reply, visit, await handle(visit));
        });
      },
    };

    scope.get<{ Params: { language: string }; Querystring: { ve?: string } }>(
      `${ROOT}/ngon-ngu/:language`,
      hide,
      (request, reply) => {
        const language = request.params.language === 'en' ? 'en' : 'vi';
        setCookie(request, reply, portal, LANGUAGE_COOKIE, language, 365 * 86_400);
        return reply.redirect(backTo(request.query.ve), 303);
      },
    );

    scope.get<{ Querystring: { ve?: string } }>(`${ROOT}/dang-nhap`, hide, async (request, reply) => {
      const language = languageOfVisit(request);
      if (!(await portal.organisations.own())) throw new PortalError('portal-unreachable');
      const secret = cookieOf(request, DOOR_COOKIE) ?? newSecret();
      setCookie(request, reply, portal, DOOR_COOKIE, secret, null);
      const token = formToken(portal.tokenKey, secret);
      const page = signInPage(
        { language, stylePath, url: request.url },
        { token, back: backTo(request.query.ve) },
      );
      return sendHtml(reply, language, page, 200);
    });

    scope.post(`${ROOT}/dang-nhap`, { ...hide, bodyLimit: FORM_LIMIT }, async (request, reply) => {
      const language = languageOfVisit(request);
      const form = request.body instanceof Form ? request.body : new Form([]);
      const secret = cookieOf(request, DOOR_COOKIE) ?? '';
      expectOwnForm(request, portal.tokenKey, secret);
      const back = backTo(form.text('ve'));
      const account = form.text('account');
      try {
        const wait = portal.signInLimit.attempt(account, request.ip);
        if (wait > 0) {
          reply.header('retry-after', String(wait));
          throw new PortalError('rate-limited');
        }
        const person = await checkPassword(portal, account, form.raw('password'));
        portal.signInLimit.succeeded(account, request.ip);
        if (!person.roles.includes('administrator')) throw new PortalError('wrong-role');
        const session = await beginSession(portal, person);
        setCookie(request, reply, portal, SESSION_COOKIE, session, null);
        request.log.info({ personId: person.id }, 'signed in to administration');
        return reply.redirect(back, 303);
      } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        const problem = sentence(
          language,
          error.code === 'wrong-role' ? 'admin.signIn.noAdministrator' : `error.${error.code}`,
        );
        const page = signInPage(
          { language, stylePath, url: `${ROOT}/dang-nhap` },
          { token: formToken(portal.tokenKey, secret), back, account, problem },
        );
        return sendHtml(reply, language, page, error.statusCode);
      }
    });

    door.post('/dang-xuat', async (visit) => {
      await endSession(portal, visit.organisation.id, visit.secret);
      return { to: `${ROOT}/dang-nhap` };
    });

    overviewPages(door);
    unitPages(door);
    peoplePages(door);
    passwordPages(door);
    delegationPages(door);
    profilePages(door);
    calendarPages(door);
    historyPages(door);
  });
}

function sendHtml(reply: FastifyReply, language: Language, text: string, status: number): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').header('content-language', language).send(text);
}

/** A form counts only if it comes from our own page: by its token, and by where the browser says it comes from. */
function expectOwnForm(request: FastifyRequest, key: Uint8Array, secret: string): void {
  const form = request.body;
  if (!(form instanceof Form) || secret === '' || !isFormToken(key, secret, form.raw('token')))
    throw new PortalError('forbidden');
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw new PortalError('forbidden');
  const { origin } = request.headers;
  if (origin === undefined) return;
  if (!URL.canParse(origin) || new URL(origin).host !== request.host) throw new PortalError('forbidden');
}

function cookieOf(request: FastifyRequest, name: string): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=');
    if (key === name && value) return value;
  }
  return null;
}

/** Never readable by a script, never sent from another site, and only over HTTPS where the portal is reached by it. */
function setCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  portal: Portal,
  name: string,
  value: string,
  seconds: number | null,
): void {
  const isSecure = request.protocol === 'https' || portal.publicUrl?.startsWith('https:') === true;
  const parts = [`${name}=${value}`, `Path=${ROOT}`, 'HttpOnly', 'SameSite=Strict'];
  if (isSecure && request.hostname !== 'localhost' && request.hostname !== '127.0.0.1') parts.push('Secure');
  if (seconds !== null) parts.push(`Max-Age=${seconds}`);
  reply.header('set-cookie', parts.join('; '));
}

function languageOfVisit(request: FastifyRequest): Language {
  const chosen = cookieOf(request, LANGUAGE_COOKIE);
  return chosen === 'en' ? 'en' : 'vi';
}

const signInAddress = (request: FastifyRequest): string =>
  `${ROOT}/dang-nhap${request.method === 'GET' && request.url !== ROOT ? `?${new URLSearchParams({ ve: request.url })}` : ''}`;

/** Only to pages of administration. */
const backTo = (path: string | undefined): string =>
  path !== undefined && /^\/quan-tri(?:[/?][\w\-./?=&%+:]*)?$/.test(path) && !path.includes('//')
    ? path
    : ROOT;

async function personOf(portal: Portal, organisationId: string, personId: string | null) {
  if (personId === null) return null;
  const row = await portal.db
    .selectFrom('people')
    .select('name')
    .where('organisation_id', '=', organisationId)
    .where('id', '=', personId)
    .executeTakeFirst();
  return row?.name ?? null;
}
