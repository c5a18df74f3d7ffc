import type { ReactNode } from "react";
import type { Connection } from "@/api/connections";
import { shownHost } from "@/api/host";
import { Badge } from "@/components/Badge";
import { Notice } from "@/components/Notice";
import { Time } from "@/components/Time";
import { usePageTexts } from "@/texts/page-texts";
import styles from "./ConnectionRow.module.css";
import { grantedOf } from "./granted";
import { whatToDo } from "./what-to-do";

const KINDS = { linked: "success", sign_in_again: "warning", lost: "danger", revoked: "plain" } as const;

interface Props {
  connection: Connection;
  /** The member's name, where it is not one's own. */
  memberName?: string;
  /** Buttons. */
  children: ReactNode;
}

/** One connection: where, as whom, for what, since when, and what is wrong with it. */
export function ConnectionRow({ connection: one, memberName, children }: Props) {
  const { connections: texts } = usePageTexts();
  const isOwn = memberName === undefined;
  const title = memberName ?? shownHost(one.service);
  const account = one.account_label === "" ? texts.kinds[one.kind] : one.account_label;
  return (
    <article className={styles.connection} aria-label={title}>
      <div className={styles.head}>
        <div className={styles.what}>
          <strong>{title}</strong>
          <span className={styles.soft}>{account}</span>
        </div>
        <div className={styles.tools}>
          <Badge kind={KINDS[one.state]}>{texts.states[one.state]}</Badge>
          {children}
        </div>
      </div>
      {one.state !== "linked" && (
        <Notice
          kind={one.state === "revoked" ? "note" : "warning"} title={texts.endings[one.why] ?? texts.states[one.state]}
          hint={isOwn ? whatToDo(one, texts) : ""}
        />
      )}
      <Facts connection={one} />
    </article>
  );
}

function Facts({ connection: one }: { connection: Connection }) {
  const { connections: texts } = usePageTexts();
  return (
    <dl className={styles.facts}>
      {one.gpt_name !== "" && <Fact name={texts.gpt}>{one.gpt_name}</Fact>}
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
