import { PortalError } from '../errors.ts';
import { html } from '../public/html.ts';
import { sentence } from '../public/sentences.ts';
import { MIN_PASSWORD } from '../session/passwords.ts';
import { checkPassword } from '../session/sessions.ts';
import { setPassword } from './changeAccount.ts';
import { field, hidden, NO_PROBLEMS, type Problems, summary } from './ui.ts';
import { AREA_PATHS, type Door, done, type Outcome, t, type Visit } from './visit.ts';

/** The administrator's own password. */
export function passwordPages(door: Door): void {
  door.get('/mat-khau', async (visit) => ownPage(visit, NO_PROBLEMS));
  door.post('/mat-khau', async (visit) => {
    const { form, organisation, person, portal } = visit;
    const [former, next, again] = [form.raw('former'), form.raw('next'), form.raw('again')];
    const problems = new Map<string, string>();
    if (portal.signInLimit.attempt(person.account, 'administration') > 0)
      throw new PortalError('rate-limited');
    const isRight = await checkPassword(portal, person.account, former).then(
      () => true,
      () => false,
    );
    if (isRight) portal.signInLimit.succeeded(person.account, 'administration');
    else problems.set('former', sentence(visit.language, 'error.wrong-password'));
    if ([...next.normalize('NFC')].length < MIN_PASSWORD)
      problems.set('next', t(visit, 'password.tooShort', { count: MIN_PASSWORD }));
    else if (next === former) problems.set('next', t(visit, 'password.same'));
    if (next !== again) problems.set('again', t(visit, 'password.differs'));
    if (problems.size > 0) return ownPage(visit, problems);
    await setPassword(portal, organisation.id, person.id, next, { by: person.id, keep: visit.secret });
    return done(AREA_PATHS.overview, 'password');
  });
}

function ownPage(visit: Visit, problems: Problems): Outcome {
  const line = (id: string, autocomplete: string, help?: string) =>
    field(visit, {
      id,
      label: t(visit, `password.${id}`),
      type: 'password',
      required: true,
      autocomplete,
      problems,
      help,
      maxLength: 200,
    });
  return {
    status: problems.size > 0 ? 422 : 200,
    page: {
      title: t(visit, 'password.own'),
      area: null,
      main: html`${summary(visit, problems)}
<form class="form" method="post" action="/quan-tri/mat-khau">${hidden(visit)}
${line('former', 'current-password')}
${line('next', 'new-password', t(visit, 'password.nextHelp', { count: MIN_PASSWORD }))}
${line('again', 'new-password')}
<p class="help wide">${t(visit, 'password.ends')}</p>
<p class="bar"><button class="btn primary" type="submit">${t(visit, 'password.change')}</button></p></form>`,
    },
  };
}
