import { type DragEvent, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type * as Y from 'yjs';
import { allowedExtensions, MAX_ATTACHMENT_BYTES } from '../../../../domain/content/index.ts';
import type { FileState } from '../../../../domain/contracts/desk.ts';
import { type ContentFile, setFile } from '../../../../domain/document/index.ts';
import { useRefusal } from '../../../app/sentences.ts';
import { useToast } from '../../../app/toasts.tsx';
import { useFormat } from '../../../app/useFormat.ts';
import { useClient } from '../../../data/engine.tsx';
import { IconButton } from '../../../ui/Button.tsx';
import {
  CircleCheck,
  ClockArrowUp,
  Download,
  Ellipsis,
  FileSpreadsheet,
  FileText,
  Image,
  LaptopMinimal,
  LoaderCircle,
  OctagonX,
  Paperclip,
  X,
} from '../../../ui/icons.ts';
import { Menu } from '../../../ui/Menu.tsx';
import { Progress } from '../../../ui/Progress.tsx';
import { DescribeFileDialog } from './DescribeFileDialog.tsx';
import { saveCopy } from './saveCopy.ts';
import { useRoles } from './useRoles.ts';
import type { Upload, Uploads } from './useUploads.ts';

/** The attachments: what each is to the article, where it is, and how more are added. */
export function FilesPanel({
  articleId,
  categoryId,
  doc,
  files,
  states,
  isLocal,
  isEditable,
  uploads,
  onChoose,
}: {
  readonly articleId: string;
  readonly categoryId: string;
  readonly doc: Y.Doc;
  readonly files: readonly ContentFile[];
  readonly states: readonly FileState[];
  /** Not declared: files stay here too. */
  readonly isLocal: boolean;
  readonly isEditable: boolean;
  readonly uploads: Uploads;
  readonly onChoose: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [over, setOver] = useState(false);
  const [described, setDescribed] = useState<ContentFile>();
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (isEditable) uploads.add([...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has the button below as its keyboard equal
    <div
      className={`files ${over ? 'is-over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <p className="sum num">
        <span className="strong">
          {files.length === 0
            ? t('files.empty')
            : t('files.sum', { count: files.length, size: format.bytes(total) })}
        </span>{' '}
        <span className="muted">{t('files.together')}</span>
      </p>
      <ul>
        {files.map((file) => (
          <FileRow
            key={file.id}
            file={file}
            state={states.find((one) => one.sha256 === file.sha256)}
            articleId={articleId}
            categoryId={categoryId}
            isLocal={isLocal}
            isEditable={isEditable}
            onDescribe={() => setDescribed(file)}
            onRemove={() => setFile(doc, file.id, null, 'files')}
          />
        ))}
        {uploads.uploads.map((upload) => (
          <UploadRow key={upload.id} upload={upload} uploads={uploads} />
        ))}
      </ul>
      {isEditable && (
        <>
          <div className="drop">
            <Paperclip className="icon" aria-hidden />
            {t('files.dropHere')}
            <AriaButton className="link" onPress={onChoose}>
              {t('files.choose')}
            </AriaButton>
          </div>
          <p className="help num">
            {t('files.help', {
              formats: shortFormats(),
              size: format.bytes(MAX_ATTACHMENT_BYTES),
            })}
          </p>
        </>
      )}
      {described && (
        <DescribeFileDialog
          doc={doc}
          file={described}
          categoryId={categoryId}
          onClose={() => setDescribed(undefined)}
        />
      )}
    </div>
  );
}

const COMMON = ['pdf', 'doc', 'docx', 'xls', 'xlsx', 'png', 'jpg'];
const shortFormats = (): string =>
  COMMON.filter((extension) => allowedExtensions().includes(extension))
    .map((extension) => extension.toUpperCase())
    .join(', ');

const iconOf = (type: string): typeof FileText => {
  if (type.startsWith('image/')) return Image;
  return /sheet|excel|csv/.test(type) ? FileSpreadsheet : FileText;
};

function FileRow({
  file,
  state,
  articleId,
  categoryId,
  isLocal,
  isEditable,
  onDescribe,
  onRemove,
}: {
  readonly file: ContentFile;
  readonly state: FileState | undefined;
  readonly articleId: string;
  readonly categoryId: string;
  readonly isLocal: boolean;
  readonly isEditable: boolean;
  readonly onDescribe: () => void;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useClient();
  const toast = useToast();
  const sentence = useRefusal();
  const roleName = useRoles(categoryId).nameOf;
  const Icon = iconOf(file.type);
  const save = async () => {
    const result = await saveCopy(client, articleId, file);
    if (!result.ok) toast({ text: sentence(result.error), tone: 'danger' });
  };
  const entries = [
    { id: 'save', label: t('files.saveCopy') },
    ...(isEditable
      ? [
          { id: 'describe', label: t('files.describe') },
          { id: 'remove', label: t('files.remove'), isDanger: true },
        ]
      : []),
  ];
  return (
    <li className="file">
      <Icon className="icon" aria-hidden />
      <div>
        <div className="clip strong" title={file.name}>
          {file.label || file.name}
        </div>
        <div className="row-second num">
          {t('files.roleAndSize', { role: roleName(file.role), size: format.bytes(file.size) })}
        </div>
        <FileWhere file={file} state={state} isLocal={isLocal} />
      </div>
      {isEditable ? (
        <Menu
          label={t('files.more', { name: file.name })}
          entries={entries}
          onAction={(id) => {
            if (id === 'save') void save();
            else if (id === 'describe') onDescribe();
            else onRemove();
          }}
          trigger={
            <IconButton label={t('files.more', { name: file.name })}>
              <Ellipsis className="icon" aria-hidden />
            </IconButton>
          }
        />
      ) : (
        <IconButton label={t('files.saveCopyOf', { name: file.name })} onPress={() => void save()}>
          <Download className="icon" aria-hidden />
        </IconButton>
      )}
    </li>
  );
}

function FileWhere({
  file,
  state,
  isLocal,
}: {
  readonly file: ContentFile;
  readonly state: FileState | undefined;
  readonly isLocal: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  if (state?.storedAt != null)
    return (
      <div className="sync sync-received">
        <CircleCheck className="icon icon-s" aria-hidden />
        <span className="num">
          {t('files.received', { code: `${file.sha256.slice(0, 4)} ${file.sha256.slice(4, 8)}` })}
        </span>
      </div>
    );
  if (isLocal)
    return (
      <div className="sync">
        <LaptopMinimal className="icon icon-s" aria-hidden />
        <span>{t('files.onlyHere')}</span>
      </div>
    );
  if (state && !state.here)
    return (
      <div className="sync">
        <Download className="icon icon-s" aria-hidden />
        <span>{t('files.notHere')}</span>
      </div>
    );
  if (state && state.sentBytes > 0) {
    const [sent, size] = [format.bytes(state.sentBytes), format.bytes(state.size)];
    return (
      <>
        <Progress part={state.sentBytes / state.size} label={t('files.sentOf', { sent, size })} />
        <div className="sync">
          <LoaderCircle className="icon icon-s" aria-hidden />
          <span className="num">{t('files.sending', { sent, size })}</span>
        </div>
      </>
    );
  }
  return (
    <div className="sync sync-waiting">
      <ClockArrowUp className="icon icon-s" aria-hidden />
      <span>{t('files.waiting')}</span>
    </div>
  );
}

function UploadRow({ upload, uploads }: { readonly upload: Upload; readonly uploads: Uploads }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sentence = useRefusal();
  const [sent, size] = [format.bytes(upload.sentBytes), format.bytes(upload.size)];
  const { refusal } = upload;
  return (
    <li className="file">
      {refusal ? (
        <OctagonX className="icon must" aria-hidden />
      ) : (
        <LoaderCircle className="icon" aria-hidden />
      )}
      <div>
        <div className="clip strong" title={upload.name}>
          {upload.name}
        </div>
        {refusal ? (
          <p className="help-error" role="alert">
            <span>
              {sentence({ ...refusal, detail: readable(refusal.detail, format.bytes) })}{' '}
              {refusal.code === 'disk-full' ||
              refusal.code === 'timed-out' ||
              refusal.code === 'file-damaged' ||
              refusal.code === 'not-found' ? (
                <AriaButton className="link" onPress={() => uploads.retry(upload.id)}>
                  {t('files.retry')}
                </AriaButton>
              ) : null}
            </span>
          </p>
        ) : (
          <>
            <Progress
              part={upload.size === 0 ? 0 : upload.sentBytes / upload.size}
              label={t('files.copying', { sent, size })}
            />
            <div className="sync">
              <span className="num">{t('files.copying', { sent, size })}</span>
            </div>
          </>
        )}
      </div>
      <IconButton
        label={refusal ? t('files.dismiss', { name: upload.name }) : t('files.cancel', { name: upload.name })}
        onPress={() => uploads.drop(upload.id)}
      >
        <X className="icon" aria-hidden />
      </IconButton>
    </li>
  );
}

const readable = (
  detail: Readonly<Record<string, string | number | boolean>> | undefined,
  bytes: (count: number) => string,
): Record<string, string | number | boolean> => {
  const shown: Record<string, string | number | boolean> = { ...detail };
  for (const key of ['size', 'maximum']) if (typeof shown[key] === 'number') shown[key] = bytes(shown[key]);
  return shown;
};
