import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { FileTrigger, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { api, need } from "@/api/client";
import { Button } from "@/components/Button";
import menuStyles from "@/components/Menu.module.css";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Section } from "@/components/Section";
import { useTexts } from "@/texts/use-texts";
import { ImportFromUrl } from "./ImportFromUrl";
import { Findings } from "./schema/Findings";
import { SchemaText, type SchemaTextHandle } from "./schema/SchemaText";
import type { Examination } from "./schema/use-examined";

const examplesQuery = {
  queryKey: ["examples"],
  queryFn: () => need(api.GET("/v1/schemas/examples")),
  staleTime: Infinity,
};

interface Props {
  text: string;
  examination: Examination;
  onChange: (text: string) => void;
}

/** The schema's text, the ways to get one, and what was found in it. */
export function SchemaSection({ text, examination, onChange }: Props) {
  const { schema: texts } = useTexts();
  const editor = useRef<SchemaTextHandle>(null);
  const examples = useQuery(examplesQuery);
  const { examined, error } = examination;
  const tools = (
    <>
      <ImportFromUrl onText={onChange} />
      <FileTrigger
        acceptedFileTypes={[".json", ".yaml", ".yml", ".txt"]}
        onSelect={(files) => void files?.[0]?.text().then(onChange)}
      >
        <Button kind="quiet">{texts.upload}</Button>
      </FileTrigger>
      <MenuTrigger>
        <Button kind="quiet">{texts.examples}</Button>
        <Popover placement="bottom end" className={menuStyles.popover!}>
          <Menu
            aria-label={texts.examples} className={menuStyles.menu!} items={examples.data ?? []}
            onAction={(key) => onChange(examples.data?.find((one) => one.key === key)?.text ?? "")}
          >
            {(example) => <MenuItem id={example.key} className={menuStyles.item!}>{example.title}</MenuItem>}
          </Menu>
        </Popover>
      </MenuTrigger>
    </>
  );
  return (
    <Section title={texts.title} tools={tools}>
      <SchemaText
        ref={editor} text={text} label={texts.title} hint={texts.placeholder}
        findings={examined?.findings ?? []} onChange={onChange}
      />
      {error !== null && <ProblemNotice error={error} />}
      {examined !== null && (
        <Findings
          examined={examined}
          onGoTo={(finding) => editor.current?.goTo(finding.line ?? 1, finding.column ?? 1)}
        />
      )}
    </Section>
  );
}
