import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutboxItem } from '../../domain/contracts/desk.ts';
import { useQuery } from '../data/engine.tsx';
import { useRouter } from './route.tsx';
import { useToast } from './toasts.tsx';

const isSettled = (item: OutboxItem): boolean => item.state === 'accepted' || item.state === 'refused';

/** Tells when the portal has decided about something that waited here, whatever screen is open. */
export function VerdictToasts() {
  const { t } = useTranslation();
  const toast = useToast();
  const { go } = useRouter();
  const { value } = useQuery('outbox.list', {});
  const before = useRef<ReadonlyMap<string, OutboxItem['state']> | null>(null);
  useEffect(() => {
    if (!value) return;
    const now = new Map(value.items.map((item) => [item.id, item.state]));
    const last = before.current;
    before.current = now;
    if (!last) return;
    for (const item of value.items) {
      const was = last.get(item.id);
      if (
        item.kind !== 'decision' ||
        item.action === 'declare' ||
        !isSettled(item) ||
        was === undefined ||
        was === item.state
      )
        continue;
      const open = () => go({ screen: 'article', articleId: item.articleId, from: 'outbox', tab: 'history' });
      const { title } = item;
      if (item.state === 'accepted')
        toast({
          text: t('toast.accepted', { title }),
          tone: 'success',
          action: { label: t('action.open'), run: open },
        });
      else
        toast({
          text: t('toast.refused', { title }),
          tone: 'warning',
          action: { label: t('toast.why'), run: () => go({ screen: 'outbox' }) },
        });
    }
  }, [value, toast, t, go]);
  return null;
}
