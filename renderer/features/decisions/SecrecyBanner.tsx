import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';

/** Says that nothing of the article leaves the machine yet, and how to change that. */
export function SecrecyBanner({ onDeclare }: { readonly onDeclare?: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="banner">
      <Notice tone="info" title={t('declare.onlyHere')}>
        <p>{t('declare.onlyHereText')}</p>
        {onDeclare && (
          <div className="btn-row">
            <Button size="s" onPress={onDeclare}>
              {t('declare.open')}
            </Button>
          </div>
        )}
      </Notice>
    </div>
  );
}
