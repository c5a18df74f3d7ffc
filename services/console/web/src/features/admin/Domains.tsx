import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { api, need } from "@/api/client";
import type { components } from "@/api/generated";
import { Button } from "@/components/Button";
import { Choice } from "@/components/Choice";
import { Confirm } from "@/components/Confirm";
import { EmptyState } from "@/components/EmptyState";
import { Loading } from "@/components/Loading";
import { Notice } from "@/components/Notice";
import { PageHead } from "@/components/PageHead";
import { ProblemNotice } from "@/components/ProblemNotice";
import { TextField } from "@/components/TextField";
import { usePageTexts } from "@/texts/page-texts";
import styles from "./AdminLayout.module.css";
import { DomainList } from "./DomainList";
import { domainOf, isDomain } from "./domain-of";
import { changeRules, domainsQuery } from "./domains-query";
import { TryHost } from "./TryHost";

type Rules = components["schemas"]["DomainRulesView"];
const route = getRouteApi("/admin/domains");

/** Which domains actions may call; with none allowed, no action runs. */
export function Domains() {
  const { domains: texts } = usePageTexts();
  const { q = "", allow: wanted = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const known = useQueryClient();
  const rules = useQuery(domainsQuery);
  const [typed, setTyped] = useState(wanted);
  const inForce = (now: Rules) => known.setQueryData(domainsQuery.queryKey, now);
  const allow = useMutation({
    mutationFn: (domain: string) => need(api.POST("/v1/domains", { body: { domain } })),
    onSuccess: (now) => {
      inForce(now);
      setTyped("");
      if (wanted !== "") void navigate({ search: q === "" ? {} : { q }, replace: true });
      disallow.reset();
    },
  });
  const disallow = useMutation({
    mutationFn: (domain: string) => need(api.DELETE("/v1/domains/{domain}", { params: { path: { domain } } })),
    onSuccess: inForce,
  });
  const [cleared, setCleared] = useState<readonly string[]>([]);
  const [isListing, setListing] = useState(false);
  const [isOpening, setOpening] = useState(false);
  const choose = useMutation({
    mutationFn: changeRules,
    onSuccess: ({ before, now }, change) => {
      setListing(change === "list");
      setCleared(change === "none" ? before.domains : []);
      inForce(now);
    },
  });
  const isNone = rules.data !== undefined && modeOf(rules.data) === "none";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    allow.mutate(domainOf(typed));
  };
  const failed = [allow, disallow, choose].find((change) => change.isError);
  const meant = domainOf(typed);
  return (
    <>
      <PageHead title={texts.title} />
      {rules.data !== undefined && <p>{texts.leads[modeOf(rules.data)]}</p>}
      {rules.isPending && <Loading />}
      {rules.isError && <ProblemNotice error={rules.error} onRetry={() => void rules.refetch()} />}
      {failed !== undefined && <ProblemNotice error={failed.error} />}
      {rules.data !== undefined && (
        <>
          <Choice
            label={texts.mode} value={isListing && rules.data !== undefined ? rules.data.mode : modeOf(rules.data)} options={texts.modes}
            onChange={(mode) => (mode === "all" ? setOpening(true) : choose.mutate(mode))}
          />
          {rules.data.mode === "all" && <Notice kind="warning" title={texts.allWarning} />}
          <Form onSubmit={submit} className={styles.line!}>
            <TextField
              label={texts.domain} value={typed} onChange={setTyped} placeholder="api.example.org"
              hint={isDomain(meant) && meant !== typed ? texts.meant(meant) : texts.hint}
              error={typed.trim() === "" || isDomain(meant) ? undefined : texts.noDomain}
            />
            <Button kind="primary" type="submit" isDisabled={!isDomain(meant)} isPending={allow.isPending}>
              {texts.allow}
            </Button>
          </Form>
          {disallow.isSuccess && (
            <Notice kind="note" title={texts.removed(disallow.variables)}>
              <Button isPending={allow.isPending} onPress={() => allow.mutate(disallow.variables)}>{texts.undo}</Button>
            </Notice>
          )}
          {isNone && cleared.length > 0 && (
            <Notice kind="note" title={texts.cleared(cleared.length)}>
              <Button
                isPending={choose.isPending}
                onPress={() => choose.mutate(cleared)}
              >
                {texts.undo}
              </Button>
            </Notice>
          )}
          {isNone && <EmptyState title={texts.none} hint={texts.noneHint} />}
          <DomainList
            domains={rules.data.domains} wanted={q} removing={disallow.isPending ? disallow.variables : null}
            onSearch={(text) => void navigate({ search: text === "" ? {} : { q: text }, replace: true })}
            onRemove={(domain) => disallow.mutate(domain)}
          />
          <TryHost rules={rules.data} />
          {isOpening && (
            <Confirm
              title={texts.allTitle} hint={texts.allHint} action={texts.allowAll} onClose={() => setOpening(false)}
              onConfirm={() => {
                setOpening(false);
                choose.mutate("all");
              }}
            />
          )}
        </>
      )}
    </>
  );
}

function modeOf({ mode, domains }: Rules): Rules["mode"] | "none" {
  return mode === "list" && domains.length === 0 ? "none" : mode;
}
