import styles from "./AccountMenu.module.css";

export function Face({ name }: { name: string }) {
  return (
    <>
      <span className={styles.initial} aria-hidden>{[...name][0]?.toUpperCase()}</span>
      <span className={styles.name}>{name}</span>
    </>
  );
}
