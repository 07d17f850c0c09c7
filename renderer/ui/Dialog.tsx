import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

/**
 * A decision that needs words or consent. Esc leaves, focus returns to where it was; focus never starts on the
 * button that decides. Clicking beside it does not close it: what was written would be gone.
 */
export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  wide = false,
  isAlert = false,
}: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
  readonly isAlert?: boolean;
}) {
  return (
    <ModalOverlay className="scrim" isOpen={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Modal className={`dialog ${wide ? 'dialog-wide' : ''}`}>
        <AriaDialog className="dialog-body" role={isAlert ? 'alertdialog' : 'dialog'} data-modal-dialog="">
          <Heading slot="title">{title}</Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The last row of a dialog: a remark, the way out, what it is for. */
export function DialogActions({
  note,
  children,
}: {
  readonly note?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className="dialog-actions">
      <span className="small">{note}</span>
      {children}
    </div>
  );
}
