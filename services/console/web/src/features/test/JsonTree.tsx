import styles from "./Result.module.css";

const OPEN_TO = 2;
const MAX_MEMBERS = 200;

interface Props {
  value: unknown;
  name?: string;
  depth?: number;
}

/** A JSON value; objects and arrays fold, the outer ones are open. */
export function JsonTree({ value, name, depth = 0 }: Props) {
  const label = name === undefined ? null : <span className={styles.key}>{name}: </span>;
  if (typeof value !== "object" || value === null) {
    const text = typeof value === "string" && name === undefined ? value : JSON.stringify(value);
    return <div className={styles.text}>{label}{text}</div>;
  }
  const members = Object.entries(value);
  const size = Array.isArray(value) ? `[${members.length}]` : `{${members.length}}`;
  return (
    <details className={styles.tree} open={depth < OPEN_TO}>
      <summary>{label}{size}</summary>
      {members.slice(0, MAX_MEMBERS).map(([key, member]) => (
        <JsonTree key={key} name={key} value={member} depth={depth + 1} />
      ))}
      {members.length > MAX_MEMBERS && <div>… {members.length - MAX_MEMBERS}</div>}
    </details>
  );
}
