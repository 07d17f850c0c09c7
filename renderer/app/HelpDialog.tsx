import { useTranslation } from 'react-i18next';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogActions } from '../ui/Dialog.tsx';
import { type KeyAction, keyLabel } from './keys.ts';

const SHOWN = [
  'nextPane',
  'previousPane',
  'module1',
  'find',
  'newArticle',
  'print',
  'primary',
  'return',
  'refuse',
  'nextChange',
  'previousChange',
  'nextCheck',
  'previousCheck',
  'nextInQueue',
  'previousInQueue',
  'compareWith',
  'standing',
  'explainDue',
  'help',
] as const satisfies readonly KeyAction[];

/** All keys of the window (F1). */
export function HelpDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('help.title')} isOpen={isOpen} onClose={onClose}>
      <p className="muted">{t('help.intro')}</p>
      <dl className="keys">
        {SHOWN.map((action) => (
          <div key={action}>
            <dt>
              <kbd className="kbd">{action === 'module1' ? t('help.moduleKeys') : keyLabel(action)}</kbd>
            </dt>
            <dd>{t(`help.${action}`)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd className="kbd">{t('help.arrowKeys')}</kbd>
          </dt>
          <dd>{t('help.arrows')}</dd>
        </div>
      </dl>
      <DialogActions>
        <Button onPress={onClose} autoFocus>
          {t('action.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
