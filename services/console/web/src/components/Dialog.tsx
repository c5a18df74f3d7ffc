import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import styles from "./Dialog.module.css";

interface Props {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  /** For questions that must be answered, such as before something is deleted. */
  isAlert?: boolean;
  /** For lists and results. */
  isWide?: boolean;
}

export function Dialog({ title, isOpen, onClose, children, isAlert = false, isWide = false }: Props) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => { if (!open) onClose(); }}
      isDismissable={!isAlert}
      className={styles.cover!}
    >
      <Modal className={isWide ? `${styles.frame} ${styles.wide}` : styles.frame!}>
        <AriaDialog role={isAlert ? "alertdialog" : "dialog"} className={styles.dialog!}>
          <Heading slot="title" level={2}>{title}</Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}
