import { html } from '../public/html.ts';
import { type Language, sentence } from '../public/sentences.ts';
import { renderPlain } from './layout.ts';

/** The page of signing in, with what went wrong before. */
export function signInPage(
  around: { readonly language: Language; readonly stylePath: string; readonly url: string },
  form: {
    readonly token: string;
    readonly back: string;
    readonly account?: string;
    readonly problem?: string;
  },
): string {
  const say = (key: string) => sentence(around.language, `admin.signIn.${key}`);
  return renderPlain(
    around,
    say('title'),
    html`<p class="help">${say('help')}</p>
${form.problem && html`<div class="notice danger" role="alert"><p>${form.problem}</p></div>`}
<form method="post" action="/quan-tri/dang-nhap">
  <input type="hidden" name="token" value="${form.token}"><input type="hidden" name="ve" value="${form.back}">
  <div class="field"><label for="account">${say('account')}</label><input id="account" name="account" type="text" value="${form.account ?? ''}" maxlength="64" autocomplete="username" autocapitalize="none" spellcheck="false" required></div>
  <div class="field"><label for="password">${say('password')}</label><input id="password" name="password" type="password" maxlength="200" autocomplete="current-password" required></div>
  <p class="bar"><button class="btn primary" type="submit">${say('submit')}</button></p>
</form>`,
  );
}
