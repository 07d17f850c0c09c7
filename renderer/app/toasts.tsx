import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../ui/Button.tsx';
import { CircleCheck, CircleX, CornerUpLeft, Info, X } from '../ui/icons.ts';

/** Something that happened elsewhere. */
export interface ToastMessage {
  readonly text: string;
  readonly tone?: 'success' | 'info' | 'warning' | 'danger';
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface Shown extends ToastMessage {
  readonly id: number;
}

const STAYS_MS = 8_000;
const ToastContext = createContext<((message: ToastMessage) => void) | null>(null);
const ICONS = { success: CircleCheck, info: Info, warning: CornerUpLeft, danger: CircleX } as const;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const next = useRef(1);
  const show = useCallback((message: ToastMessage) => {
    const id = next.current++;
    // The same news twice is one; more than two at once would hide the work.
    setShown((all) => [...all.filter((one) => one.text !== message.text).slice(-1), { ...message, id }]);
  }, []);
  const drop = useCallback((id: number) => setShown((all) => all.filter((one) => one.id !== id)), []);
  const { t } = useTranslation();
  return (
    <ToastContext value={show}>
      {children}
      <section
        className="toasts"
        aria-label={t('toast.region')}
        aria-live="polite"
        data-react-aria-top-layer="true"
      >
        {shown.map((toast) => (
          <Toast key={toast.id} toast={toast} onDone={drop} />
        ))}
      </section>
    </ToastContext>
  );
}

function Toast({ toast, onDone }: { toast: Shown; onDone: (id: number) => void }) {
  const { t } = useTranslation();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => onDone(toast.id), STAYS_MS);
    return () => clearTimeout(timer);
  }, [held, onDone, toast.id]);
  const tone = toast.tone ?? 'success';
  const Icon = ICONS[tone];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hover and focus only stop the clock
    <div
      className={`toast toast-${tone}`}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon className="icon icon-l" aria-hidden />
      <span className="toast-text grow">{toast.text}</span>
      {toast.action && (
        <Button
          kind="quiet"
          size="s"
          onPress={() => {
            toast.action?.run();
            onDone(toast.id);
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton label={t('toast.close')} onPress={() => onDone(toast.id)}>
        <X className="icon icon-s" aria-hidden />
      </IconButton>
    </div>
  );
}

/** Tells what happened elsewhere; stays 8 seconds, longer under the pointer or with the focus in it. */
export function useToast(): (message: ToastMessage) => void {
  const show = useContext(ToastContext);
  if (!show) throw new Error('outside ToastProvider');
  return useMemo(() => show, [show]);
}
