import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Preferences } from '../../../domain/contracts/desk.ts';
import type { PersonInfo } from '../../../domain/contracts/rows.ts';
import type { ShellInfo } from '../../../domain/contracts/wire.ts';
import { useRefusal } from '../../app/sentences.ts';
import { useToast } from '../../app/toasts.tsx';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { useClient, useQuery, useShell } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import { RadioField } from '../../ui/Choice.tsx';
import { Keyboard, LogOut } from '../../ui/icons.ts';
import { DelegationFacts } from '../delegation/index.ts';
import { SignOutDialog } from './SignOutDialog.tsx';

/** Who works here, with which portal, and how the window looks and speaks. */
export function AccountScreen({
  person,
  onHelp,
}: {
  readonly person: PersonInfo;
  readonly onHelp: () => void;
}) {
  const { t } = useTranslation();
  const named = useNamed();
  const shell = useShell();
  const { units, organisation, profile } = useDirectory();
  const { value: session } = useQuery('session.state', {});
  const [leaving, setLeaving] = useState(false);
  const [info, setInfo] = useState<ShellInfo>();
  useEffect(() => {
    shell.info().then(setInfo, () => undefined);
  }, [shell]);
  const unit = units.get(person.unitId);
  return (
    <main className="screen" data-pane="main" aria-label={t('rail.account')}>
      <header className="header">
        <h1>{t('rail.account')}</h1>
        <span className="grow" />
        <Button onPress={onHelp}>
          <Keyboard className="icon" aria-hidden />
          {t('account.keys')}
        </Button>
      </header>
      <div className="scroll">
        <div className="narrow account">
          <section aria-labelledby="account-person">
            <h2 className="group-title" id="account-person">
              {t('account.person')}
            </h2>
            <dl className="facts block">
              <Fact name={t('account.name')}>{named(person.name)}</Fact>
              <Fact name={t('account.account')}>{person.account}</Fact>
              <Fact name={t('account.roles')}>
                {person.roles.map((role) => t(`role.${role}`)).join(', ')}
              </Fact>
              <Fact name={t('account.unit')}>{unit ? named(unit.name) : person.unitId}</Fact>
              <Fact name={t('account.organisation')}>{organisation ? named(organisation.name) : '–'}</Fact>
              <Fact name={t('account.portal')}>{session?.portalUrl ?? ''}</Fact>
              <Fact name={t('account.regulation')}>
                {profile ? t('account.regulationName', { id: profile.id, title: named(profile.title) }) : '–'}
              </Fact>
            </dl>
          </section>
          <DelegationFacts />
          <Appearance />
          <section aria-labelledby="account-leave">
            <h2 className="group-title" id="account-leave">
              {t('account.session')}
            </h2>
            <div className="block block-pad">
              <p className="muted">{t('account.signOutText')}</p>
              <div className="btn-row">
                <Button onPress={() => setLeaving(true)}>
                  <LogOut className="icon" aria-hidden />
                  {t('account.signOut')}
                </Button>
              </div>
            </div>
          </section>
          {info && (
            <p className="small muted num">
              {t('account.version', {
                version: info.version,
                electron: info.electron,
                platform: info.platform,
              })}
            </p>
          )}
        </div>
      </div>
      <SignOutDialog isOpen={leaving} onClose={() => setLeaving(false)} />
    </main>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Appearance() {
  const { t } = useTranslation();
  const client = useClient();
  const sentence = useRefusal();
  const toast = useToast();
  const { value: preferences } = useQuery('preferences.get', {});
  const set = async (change: Partial<Preferences>) => {
    const result = await client.ask('preferences.set', change);
    if (!result.ok) toast({ text: sentence(result.error), tone: 'danger' });
  };
  return (
    <section aria-labelledby="account-look">
      <h2 className="group-title" id="account-look">
        {t('account.appearance')}
      </h2>
      <div className="block block-pad fields">
        <RadioField
          label={t('account.language')}
          value={preferences?.language ?? null}
          onChange={(language) => void set({ language: language as Preferences['language'] })}
          options={[
            { id: 'vi', label: t('language.vi') },
            { id: 'en', label: t('language.en') },
          ]}
        />
        <RadioField
          label={t('account.theme')}
          value={preferences?.theme ?? null}
          onChange={(theme) => void set({ theme: theme as Preferences['theme'] })}
          options={[
            { id: 'system', label: t('theme.system') },
            { id: 'light', label: t('theme.light') },
            { id: 'dark', label: t('theme.dark') },
          ]}
        />
        <RadioField
          label={t('account.density')}
          value={preferences?.density ?? null}
          onChange={(density) => void set({ density: density as Preferences['density'] })}
          options={[
            { id: 'comfortable', label: t('density.comfortable') },
            { id: 'compact', label: t('density.compact') },
          ]}
          help={t('account.densityHelp')}
        />
      </div>
    </section>
  );
}
