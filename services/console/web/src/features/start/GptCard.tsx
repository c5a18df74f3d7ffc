import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@/components/Badge";
import { useTexts } from "@/texts/use-texts";
import styles from "./GptList.module.css";
import { callsQuery, type GptSummary } from "./gpts";

/** So many are named; the others are counted. */
const HOSTS = 2;

export function GptCard({ gpt, gpts }: { gpt: GptSummary; gpts: readonly GptSummary[] }) {
  const { gpts: texts } = useTexts();
  const hosts = gpt.hosts ?? [];
  const calls = useQuery(callsQuery(gpts, gpt)).data?.items.find((one) => one.gpt_id === gpt.id);
  return (
    <Link to="/gpts/$gptId" params={{ gptId: gpt.id }} className={styles.card}>
      <span className={styles.mark} aria-hidden>{[...gpt.name][0]}</span>
      <div className={styles.what}>
        <strong>{gpt.name}</strong>
        {gpt.description !== "" && <p>{gpt.description}</p>}
      </div>
      <div className={styles.marks}>
        {hosts.length > 0 && (
          <span className={styles.hosts} title={hosts.join(", ")}>
            {hosts.slice(0, HOSTS).join(", ")}{hosts.length > HOSTS && ` ${texts.moreHosts(hosts.length - HOSTS)}`}
          </span>
        )}
        {calls && <span className={styles.hosts}>{texts.calls(calls.calls, calls.more)}</span>}
        <Badge>{texts.actions(gpt.action_count)}</Badge>
        <Badge>{texts.shared[gpt.sharing] ?? gpt.sharing}</Badge>
        {gpt.published_version === null
          ? <Badge kind="warning">{texts.draft}</Badge>
          : <Badge kind="success">{texts.published(gpt.published_version)}</Badge>}
        {gpt.changed_since_publishing && <Badge kind="warning">{texts.unpublishedChanges}</Badge>}
      </div>
    </Link>
  );
}
