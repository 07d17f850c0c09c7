import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutboxItem } from '../../../domain/contracts/desk.ts';
import { useRouter } from '../../app/route.tsx';
import { useFormat } from '../../app/useFormat.ts';
import { useCitation } from '../../data/citation.ts';
import { useRuleSentence } from '../../data/endedUnit.ts';
import { useClient, useQuery } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import {
  CircleCheck,
  CircleX,
  ClockArrowUp,
  LaptopMinimal,
  LoaderCircle,
  OctagonX,
  Send,
} from '../../ui/icons.ts';
import { EmptyState } from '../../ui/Notice.tsx';
import { Progress } from '../../ui/Progress.tsx';
import { RefusedActions } from './RefusedActions.tsx';

const GROUPS = [
  { id: 'refused', states: ['refused'] },
  { id: 'sending', states: ['sending'] },
  { id: 'waiting', states: ['waiting'] },
  { id: 'atPortal', states: ['waiting-at-portal'] },
  { id: 'held', states: ['held'] },
  { id: 'accepted', states: ['accepted'] },
  { id: 'dismissed', states: ['dismissed'] },
] as const satisfies readonly { readonly id: string; readonly states: readonly OutboxItem['state'][] }[];
type GroupId = (typeof GROUPS)[number]['id'];

const ICONS: Readonly<Record<OutboxItem['state'], typeof Send>> = {
  refused: OctagonX,
  sending: LoaderCircle,
  waiting: ClockArrowUp,
  'waiting-at-portal': ClockArrowUp,
  held: LaptopMinimal,
  accepted: CircleCheck,
  dismissed: CircleX,
};

/** Hộp gửi: every item that waits, in words, with one sentence on what happens next. */
export function OutboxScreen() {
  const { t } = useTranslation();
  const client = useClient();
  const { value } = useQuery('outbox.list', {});
  const { value: connection } = useQuery('connection.state', {});
  const items = value?.items ?? [];
  const offline = connection?.online === false;
  return (
    <main className="screen" data-pane="main" aria-label={t('rail.outbox')}>
      <header className="header">
        <h1>{t('rail.outbox')}</h1>
        <span className="muted clip grow">{t('outbox.intro')}</span>
        <Button onPress={() => void client.ask('connection.retry', {})}>
          <Send className="icon" aria-hidden />
          {offline ? t('strip.retry') : t('outbox.sendNow')}
        </Button>
      </header>
      <div className="scroll">
        <div className="narrow">
          {value && items.length === 0 && (
            <EmptyState icon={CircleCheck} title={t('outbox.empty')}>
              {t('outbox.emptyText')}
            </EmptyState>
          )}
          {GROUPS.map(({ id, states }) => {
            const own = items.filter((item) => (states as readonly string[]).includes(item.state));
            return own.length === 0 ? null : (
              <section key={id} className="outbox-group" aria-labelledby={`outbox-${id}`}>
                <h2 className="group-title" id={`outbox-${id}`}>
                  {t(`outbox.group.${id}`)} <span className="num">{own.length}</span>
                </h2>
                <ul className={`block ${id === 'refused' ? 'block-refused' : ''}`}>
                  {own.map((item) => (
                    <Item key={item.id} item={item} group={id} isOffline={offline} />
                  ))}
                </ul>
              </section>
            );
          })}
        </div>
      </div>
    </main>
  );
}

function Item({
  item,
  group,
  isOffline,
}: {
  readonly item: OutboxItem;
  readonly group: GroupId;
  readonly isOffline: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { go } = useRouter();
  const Icon = ICONS[item.state];
  const open = (tab: 'info' | 'files' | 'history') =>
    go({ screen: 'article', articleId: item.articleId, from: 'outbox', tab });
  return (
    <li className="send">
      <Icon
        className={`icon ${item.state === 'refused' ? 'must' : item.state === 'accepted' ? 'ok' : ''}`}
        aria-hidden
      />
      <div>
        <p className={item.state === 'accepted' || item.state === 'dismissed' ? 'clip' : 'strong'}>
          <Subject item={item} />
        </p>
        <WhatNext item={item} isOffline={isOffline} />
        {item.state === 'sending' && item.size > 0 && (
          <Progress
            part={item.sentBytes / item.size}
            label={t('outbox.sent', { sent: format.bytes(item.sentBytes), size: format.bytes(item.size) })}
          />
        )}
        {item.keptText && (
          <details className="kept-text">
            <summary>{t('outbox.keptText')}</summary>
            <p>{item.keptText}</p>
          </details>
        )}
        {group !== 'accepted' && group !== 'dismissed' && (
          <div className="btn-row">
            {item.code !== 'left-desk' && (
              <Button
                size="s"
                kind={group === 'refused' ? 'primary' : 'plain'}
                onPress={() =>
                  open(item.kind === 'file' ? 'files' : group === 'refused' ? 'history' : 'info')
                }
              >
                {t('outbox.open')}
              </Button>
            )}
            {group === 'refused' && <RefusedActions item={item} />}
          </div>
        )}
      </div>
      <div className="send-when">{format.moment(item.at)}</div>
    </li>
  );
}

function Subject({ item }: { readonly item: OutboxItem }): ReactNode {
  const { t } = useTranslation();
  const title = item.title || t('article.untitled');
  if (item.kind === 'decision' && item.action) return t(`outbox.decision.${item.action}`, { title });
  if (item.kind === 'file') return t('outbox.file', { title, name: item.fileName ?? '' });
  return t('outbox.text', { title });
}

function WhatNext({ item, isOffline }: { readonly item: OutboxItem; readonly isOffline: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sentence = useRuleSentence();
  const citation = useCitation();
  const cited = citation({ ref: item.ref });
  const ref = cited === '' ? null : <span className="ref"> {cited}</span>;
  switch (item.state) {
    case 'refused':
      return (
        <p>
          <span className="sync-refused">{t('outbox.notAccepted')}</span>{' '}
          {sentence({ code: item.code ?? 'internal' })}
          {ref} <span className="muted">{t('outbox.safe')}</span>
        </p>
      );
    case 'sending':
      return (
        <p className="muted num">
          {item.size > 0 && item.kind === 'file'
            ? `${t('outbox.sendingPercent', { percent: Math.floor((100 * item.sentBytes) / item.size) })} · ${t('outbox.sendingPart', { sent: format.bytes(item.sentBytes), size: format.bytes(item.size) })}`
            : t('outbox.sendingNow')}
        </p>
      );
    case 'waiting':
      return (
        <p className="muted">
          <span className="strong">{t('outbox.waitsForPortal')}</span>{' '}
          {isOffline
            ? t('outbox.whenOnline')
            : item.code
              ? sentence({ code: item.code })
              : t(`outbox.next.${item.kind}`)}
        </p>
      );
    case 'waiting-at-portal':
      return <p className="muted">{item.code ? sentence({ code: item.code }) : t('outbox.portalDecides')}</p>;
    case 'held':
      return <p className="muted">{t('outbox.heldText')}</p>;
    case 'dismissed':
      return (
        <p className="muted">
          {sentence({ code: item.code ?? 'internal' })}{' '}
          {t('outbox.dismissedAt', { at: format.moment(item.at) })}
        </p>
      );
    case 'accepted':
      return <p className="ref num">{t('outbox.acceptedAt', { at: format.seconds(item.at) })}</p>;
  }
}
