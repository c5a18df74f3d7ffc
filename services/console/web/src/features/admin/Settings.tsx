import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Badge } from "@/components/Badge";
import { Confirm } from "@/components/Confirm";
import { Switch } from "@/components/Switch";
import { api, need } from "@/api/client";
import type { components } from "@/api/generated";
import { Loading } from "@/components/Loading";
import { NumberSetting } from "@/components/NumberSetting";
import { PageHead } from "@/components/PageHead";
import { ProblemNotice } from "@/components/ProblemNotice";
import { usePageTexts } from "@/texts/page-texts";

type View = components["schemas"]["SettingsView"];
type Edit = Partial<Omit<View, "revision">>;
const KEY = ["settings"];
const SWITCHES = ["custom_actions_enabled", "unique_hosts", "first_call_asks", "tolerant_arguments"] as const;
const NUMBERS = ["calls_per_minute", "calls_per_minute_per_member", "concurrent_calls"] as const;

/** The workspace's switches and limits; each is in force everywhere within a second. */
export function Settings() {
  const { settings: texts, gpt } = usePageTexts();
  const [isStopping, setStopping] = useState(false);
  const known = useQueryClient();
  const settings = useQuery({ queryKey: KEY, queryFn: ({ signal }) => need(api.GET("/v1/settings", { signal })) });
  const edit = useMutation({
    mutationFn: (change: Edit) => need(api.PATCH("/v1/settings", { body: change as never })),
    onSuccess: (now) => known.setQueryData(KEY, now),
  });
  return (
    <>
      <PageHead title={texts.title}>
        <span role="status">{edit.isPending ? <Badge>{gpt.saving.saving}</Badge> : edit.isSuccess && <Badge kind="success">{gpt.saving.saved}</Badge>}</span>
      </PageHead>
      {settings.isPending && <Loading />}
      {settings.isError && <ProblemNotice error={settings.error} onRetry={() => void settings.refetch()} />}
      {edit.isError && <ProblemNotice error={edit.error} />}
      {settings.data !== undefined && (
        <>
          {SWITCHES.map((name) => (
            <Switch
              key={name} label={texts.of[name].label} hint={texts.of[name].hint} isSelected={settings.data[name]}
              onChange={(on) => (name === "custom_actions_enabled" && !on ? setStopping(true) : edit.mutate({ [name]: on }))}
            />
          ))}
          {NUMBERS.map((name) => (
            <NumberSetting
              key={name} label={texts.of[name].label} hint={texts.of[name].hint} value={settings.data[name]}
              onChange={(number) => edit.mutate({ [name]: number })}
            />
          ))}
          {isStopping && (
            <Confirm
              title={texts.stopTitle} hint={texts.stopHint} action={texts.stop} onClose={() => setStopping(false)}
              onConfirm={() => {
                setStopping(false);
                edit.mutate({ custom_actions_enabled: false });
              }}
            />
          )}
        </>
      )}
    </>
  );
}
