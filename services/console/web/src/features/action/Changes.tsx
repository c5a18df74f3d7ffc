import type { components } from "@/api/generated";
import { Badge } from "@/components/Badge";
import listStyles from "@/components/PagedList.module.css";
import { Row } from "@/components/Row";
import { Sentence } from "@/components/Sentence";
import { usePageTexts } from "@/texts/page-texts";

export type Change = components["schemas"]["ChangeView"];
const KINDS: Record<string, "danger" | "success" | "plain"> = { breaking: "danger", additive: "success", wording: "plain" };

/** What changed between two versions of a schema: what breaks callers first. */
export function Changes({ changes }: { changes: readonly Change[] }) {
  const { schema: texts } = usePageTexts();
  if (changes.length === 0) return <p>{texts.noChanges}</p>;
  const order = Object.keys(KINDS);
  const sorted = changes.toSorted((one, other) => order.indexOf(one.impact) - order.indexOf(other.impact));
  return (
    <ul role="list" className={listStyles.list}>
      {sorted.map((change, place) => (
        <li key={place}>
          <Row title={change.operation} detail={<><code>{change.where}</code> <Sentence text={change.message} /></>}>
            <Badge kind={KINDS[change.impact] ?? "plain"}>{texts.impacts[change.impact] ?? change.impact}</Badge>
          </Row>
        </li>
      ))}
    </ul>
  );
}
