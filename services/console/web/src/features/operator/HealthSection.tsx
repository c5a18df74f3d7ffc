import { useQuery } from "@tanstack/react-query";
import { Badge } from "@/components/Badge";
import { Loading } from "@/components/Loading";
import listStyles from "@/components/PagedList.module.css";
import { Row } from "@/components/Row";
import { Section } from "@/components/Section";
import { usePageTexts } from "@/texts/page-texts";
import { readHealth } from "./operator";

const EVERY_MS = 10_000;

/** Whether each service is ready, and what it waits for where it is not. */
export function HealthSection() {
  const { operator: texts } = usePageTexts();
  const health = useQuery({
    queryKey: ["health"], queryFn: ({ signal }) => readHealth(signal), refetchInterval: EVERY_MS,
  });
  return (
    <Section title={texts.health}>
      {health.isPending && <Loading rows={2} />}
      {health.data !== undefined && (
        <ul role="list" className={listStyles.list}>
          {health.data.map((one) => (
            <li key={one.service}>
              <Row title={one.service} detail={one.missing.length === 0 ? undefined : one.missing.join(", ")}>
                <Badge kind={one.isReady ? "success" : "danger"}>{one.isReady ? texts.ready : texts.notReady}</Badge>
              </Row>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
