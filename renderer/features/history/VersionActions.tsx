import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_VERSION_NAME } from '../../../domain/document/index.ts';
import { useRefusal } from '../../app/sentences.ts';
import { useToast } from '../../app/toasts.tsx';
import { useClient } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Bookmark, Undo2 } from '../../ui/icons.ts';

interface ActionProps {
  readonly articleId: string;
  readonly versionId: string;
  /** How the version is called on the screen. */
  readonly label: string;
}

/** Gives a text a name, so that it is found again by everybody who has the article. */
export function NameVersion({ articleId, versionId }: Omit<ActionProps, 'label'>) {
  const { t } = useTranslation();
  const client = useClient();
  const sentence = useRefusal();
  const toast = useToast();
  const [asks, setAsks] = useState(false);
  const [name, setName] = useState('');
  const [error, setError] = useState<string>();
  // One id for one question, however often its button is pressed.
  const nameId = useRef('');
  const begin = () => {
    nameId.current = crypto.randomUUID();
    setName('');
    setError(undefined);
    setAsks(true);
  };
  const save = async () => {
    const given = name.trim().normalize('NFC');
    if (given === '') return setError(t('history.nameMissing'));
    const result = await client.ask('history.name', {
      articleId,
      versionId,
      nameId: nameId.current,
      name: given,
    });
    if (!result.ok) return setError(sentence(result.error));
    setAsks(false);
    toast({ text: t('history.named', { name: given }) });
  };
  return (
    <>
      <Button size="s" onPress={begin}>
        <Bookmark className="icon icon-s" aria-hidden />
        {t('history.name')}
      </Button>
      <Dialog title={t('history.nameTitle')} isOpen={asks} onClose={() => setAsks(false)}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <p className="muted">{t('history.nameText')}</p>
          <TextField
            label={t('history.nameLabel')}
            value={name}
            onChange={(value) => {
              setName(value);
              setError(undefined);
            }}
            maxLength={MAX_VERSION_NAME}
            error={error}
            isRequired
            autoFocus
          />
          <DialogActions>
            <Button onPress={() => setAsks(false)}>{t('action.cancel')}</Button>
            <Button kind="primary" type="submit">
              {t('history.nameSave')}
            </Button>
          </DialogActions>
        </form>
      </Dialog>
    </>
  );
}

/** Brings an older text back, as a new edit. */
export function RestoreVersion({
  articleId,
  versionId,
  label,
  onRestored,
}: ActionProps & { readonly onRestored: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const sentence = useRefusal();
  const toast = useToast();
  const [asks, setAsks] = useState(false);
  const [error, setError] = useState<string>();
  const updateId = useRef('');
  const begin = () => {
    updateId.current = crypto.randomUUID();
    setError(undefined);
    setAsks(true);
  };
  const restore = async () => {
    const result = await client.ask('history.restore', { articleId, versionId, updateId: updateId.current });
    if (!result.ok) return setError(sentence(result.error));
    setAsks(false);
    toast({ text: t('history.restored') });
    onRestored();
  };
  return (
    <>
      <Button size="s" onPress={begin}>
        <Undo2 className="icon icon-s" aria-hidden />
        {t('history.restore')}
      </Button>
      <Dialog title={t('history.restoreTitle')} isOpen={asks} onClose={() => setAsks(false)}>
        <p className="muted">{t('history.restoreText', { version: label })}</p>
        {error && <p className="help-error">{error}</p>}
        <DialogActions>
          <Button onPress={() => setAsks(false)} autoFocus>
            {t('action.cancel')}
          </Button>
          <Button kind="primary" onPress={() => void restore()}>
            {t('history.restoreConfirm')}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
