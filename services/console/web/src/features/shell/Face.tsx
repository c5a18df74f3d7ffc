import styles from "./AccountMenu.module.css";

export function Face({ name }: { name: string }) {
  return (
    <>
      <span className={styles.initial} data-initial={[...name][0]?.toUpperCase()} aria-hidden />
      <span className={styles.name}>{name}</span>
    </>
  );
}
