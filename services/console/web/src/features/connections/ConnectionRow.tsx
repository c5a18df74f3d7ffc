import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Connection } from "@/api/connections";
import { shownHost } from "@/api/host";
import { Badge } from "@/components/Badge";
import { Notice } from "@/components/Notice";
import { Time } from "@/components/Time";
import { usePageTexts } from "@/texts/page-texts";
import styles from "./ConnectionRow.module.css";
import { grantedOf } from "./granted";

const KINDS = { linked: "success", sign_in_again: "warning", lost: "danger", revoked: "plain" } as const;

interface Props {
  connection: Connection;
  /** Before the service: whose it is, where it is not one's own. */
  title?: string;
  /** Buttons. */
  children: ReactNode;
}

/** One connection: where, as whom, for what, since when, and what is wrong with it. */
export function ConnectionRow({ connection: one, title, children }: Props) {
  const { connections: texts } = usePageTexts();
  const account = one.account_label === "" ? texts.kinds[one.kind] : one.account_label;
  return (
    <article className={styles.connection} aria-label={title ?? shownHost(one.service)}>
      <div className={styles.head}>
        <div className={styles.what}>
          <strong>{title ?? shownHost(one.service)}</strong>
          <span className={styles.soft}>{account}</span>
        </div>
        <div className={styles.tools}>
          <Badge kind={KINDS[one.state]}>{texts.states[one.state]}</Badge>
          {children}
        </div>
      </div>
      {one.state !== "linked" && (one.why !== "" || one.what_to_do !== "") && (
        <Notice kind={one.state === "revoked" ? "note" : "warning"} title={one.why || texts.states[one.state]} hint={one.what_to_do} />
      )}
      <Facts connection={one} />
    </article>
  );
}

function Facts({ connection: one }: { connection: Connection }) {
  const { connections: texts } = usePageTexts();
  return (
    <dl className={styles.facts}>
      {one.gpts !== undefined && one.gpts.length > 0 && (
        <Fact name={texts.usedBy}>
          {one.gpts.map((gpt, place) => (
            <span key={gpt.id}>{place > 0 && ", "}<Link to="/gpts/$gptId" params={{ gptId: gpt.id }}>{gpt.name}</Link></span>
          ))}
        </Fact>
      )}
      <Fact name={texts.since}><Time at={one.since} /></Fact>
      {one.kind === "oauth" && one.state === "linked" && (
        <Fact name={texts.expires}>{one.expires_at === null ? texts.never : <Time at={one.expires_at} />}</Fact>
      )}
      <Fact name={texts.lastUsed}>{one.last_used_at === null ? texts.notUsed : <Time at={one.last_used_at} />}</Fact>
      {one.kind === "oauth" && <Fact name={texts.scopes} isWide><Scopes connection={one} /></Fact>}
    </dl>
  );
}

function Fact({ name, isWide = false, children }: { name: string; isWide?: boolean; children: ReactNode }) {
  return <div className={isWide ? styles.wide : undefined}><dt>{name}</dt><dd>{children}</dd></div>;
}

/** A wider or narrower grant than what was asked for is said beside each scope. */
function Scopes({ connection }: { connection: Connection }) {
  const { connections: texts } = usePageTexts();
  const granted = grantedOf(connection);
  if (granted.length === 0) return texts.noScopes;
  return (
    <ul role="list" className={styles.scopes}>
      {granted.map(({ scope, is }) => (
        <li key={scope}>
          <code>{scope}</code>
          {is === "added" && <span className={styles.soft}> ({texts.notAsked})</span>}
          {is === "missing" && <span className={styles.soft}> ({texts.notGranted})</span>}
        </li>
      ))}
    </ul>
  );
}
