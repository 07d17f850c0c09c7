import { useState } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ListDates } from '../../../domain/contracts/desk.ts';
import { useFormat } from '../../app/useFormat.ts';
import { Button } from '../../ui/Button.tsx';
import { RadioField } from '../../ui/Choice.tsx';
import { DateField } from '../../ui/DateField.tsx';
import { ChipButton, FilterChip } from './FilterChip.tsx';

const KINDS = ['updated', 'due', 'published'] as const satisfies readonly ListDates['of'][];

interface DatesFilterProps {
  readonly value: ListDates | null;
  readonly onValue: (dates: ListDates | null) => void;
}

/** Narrows the list by one of its dates, from and to a day. Applied as it is typed. */
export function DatesFilter({ value, onValue }: DatesFilterProps) {
  const { t } = useTranslation();
  const shown = useShownDates();
  const name = value ? t(`desk.filter.dateOf.${value.of}`) : t('desk.filter.dates');
  return (
    <FilterChip name={name} isOn={value !== null} onClear={() => onValue(null)}>
      <DialogTrigger>
        <ChipButton name={name} value={value && shown(value)} />
        <Popover className="popover" offset={4}>
          <Dialog className="dates" aria-label={t('desk.filter.dates')}>
            {({ close }) => <DatesForm value={value} onValue={onValue} onClose={close} />}
          </Dialog>
        </Popover>
      </DialogTrigger>
    </FilterChip>
  );
}

/** `01/9/2026 – 30/9/2026`, `từ 01/9/2026`. */
function useShownDates(): (dates: ListDates) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ from, to }) => {
    if (from && to) return t('desk.filter.between', { from: format.day(from), to: format.day(to) });
    if (from) return t('desk.filter.since', { from: format.day(from) });
    return t('desk.filter.until', { to: to ? format.day(to) : '' });
  };
}

function DatesForm({ value, onValue, onClose }: DatesFilterProps & { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState({
    of: value?.of ?? 'updated',
    from: value?.from ?? '',
    to: value?.to ?? '',
  });
  const isReversed = draft.from !== '' && draft.to !== '' && draft.from > draft.to;
  const change = (part: Partial<typeof draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    const { of, from, to } = next;
    if (from === '' && to === '') onValue(null);
    else if (from === '' || to === '' || from <= to)
      onValue({ of, ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) });
  };
  return (
    <form
      className="dates-form"
      onSubmit={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <RadioField
        label={t('desk.filter.dateKind')}
        options={KINDS.map((id) => ({ id, label: t(`desk.filter.dateOf.${id}`) }))}
        value={draft.of}
        onChange={(of) => change({ of: of as ListDates['of'] })}
      />
      <div className="dates-pair">
        <DateField label={t('desk.filter.from')} value={draft.from} onChange={(from) => change({ from })} />
        <DateField
          label={t('desk.filter.to')}
          value={draft.to}
          onChange={(to) => change({ to })}
          error={isReversed ? t('desk.filter.reversed') : undefined}
        />
      </div>
      <div className="btn-row">
        <Button
          size="s"
          onPress={() => {
            onValue(null);
            onClose();
          }}
        >
          {t('desk.filter.clearDates')}
        </Button>
        <Button size="s" type="submit">
          {t('desk.filter.done')}
        </Button>
      </div>
    </form>
  );
}
