import { useState } from "react";
import { Choice } from "@/components/Choice";
import { usePageTexts } from "@/texts/page-texts";
import { JsonTree } from "./JsonTree";
import styles from "./Result.module.css";
import { imageOf, rowsOf, tableOf, textOf, waysOf } from "./shown-as";

/** What the API answered: as text, never as a page. */
export function Body({ body, contentType }: { body: unknown; contentType: string | null }) {
  const { test: texts } = usePageTexts();
  const ways = waysOf(body, contentType);
  const [way, setWay] = useState(ways[0]!);
  return (
    <>
      {ways.length > 1 && (
        <Choice label={texts.showAs} value={way} options={ways.map((one) => [one, texts.ways[one]])} onChange={setWay} />
      )}
      <div className={styles.body} tabIndex={0} role="region" aria-label={texts.answer}>
        {way === "tree" && <JsonTree value={body} />}
        {way === "table" && <Table body={body} />}
        {way === "text" && <pre className={styles.text}>{textOf(body)}</pre>}
        {way === "image" && <img src={imageOf(body, contentType) ?? ""} alt={texts.image} className={styles.image} />}
      </div>
    </>
  );
}

function Table({ body }: { body: unknown }) {
  const { test: texts } = usePageTexts();
  const { rows, columns, moreRows, moreColumns } = tableOf(rowsOf(body) ?? []);
  return (
    <>
      <table className={styles.table}>
        <thead><tr>{columns.map((column) => <th key={column} scope="col">{column}</th>)}</tr></thead>
        <tbody>
          {rows.map((row, place) => (
            <tr key={place}>{columns.map((column) => <td key={column}>{cellOf(row[column])}</td>)}</tr>
          ))}
        </tbody>
      </table>
      {moreRows > 0 && <p>{texts.moreRows(moreRows)}</p>}
      {moreColumns > 0 && <p>{texts.moreColumns(moreColumns)}</p>}
    </>
  );
}

function cellOf(value: unknown): string {
  return value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
}
