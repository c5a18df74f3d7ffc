import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { FileTrigger, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { api, need } from "@/api/client";
import { Button } from "@/components/Button";
import { Confirm } from "@/components/Confirm";
import menuStyles from "@/components/Menu.module.css";
import { usePageTexts } from "@/texts/page-texts";

const examplesQuery = {
  queryKey: ["examples"],
  queryFn: () => need(api.GET("/v1/schemas/examples")),
  staleTime: Infinity,
};

interface Props {
  isFormatting: boolean;
  isEmpty: boolean;
  /** What is in the editor now. */
  now: () => string;
  onText: (text: string) => void;
  onImport: () => void;
  onFormat: () => void;
  onOutline: () => void;
  children: ReactNode;
}

/** The ways to get a text, and what can be done with the one that is there. */
export function SchemaTools({ isFormatting, isEmpty, now, onText, onImport, onFormat, onOutline, children }: Props) {
  const { schema: texts } = usePageTexts();
  const examples = useQuery(examplesQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const choose = (text: string) => {
    const isOwn = now().trim() !== "" && examples.data?.every((one) => one.text !== now()) === true;
    if (isOwn) setChosen(text);
    else onText(text);
  };
  return (
    <>
      <Button kind="quiet" onPress={onImport}>{texts.importFromUrl}</Button>
      <FileTrigger
        acceptedFileTypes={[".json", ".yaml", ".yml", ".txt"]}
        onSelect={(files) => void files?.[0]?.text().then((text) => onText(text))}
      >
        <Button kind="quiet">{texts.upload}</Button>
      </FileTrigger>
      <MenuTrigger>
        <Button kind="quiet">{texts.examples}</Button>
        <Popover placement="bottom end" className={menuStyles.popover!}>
          <Menu
            aria-label={texts.examples} className={menuStyles.menu!} items={examples.data ?? []}
            onAction={(key) => choose(examples.data?.find((one) => one.key === key)?.text ?? "")}
          >
            {(example) => <MenuItem id={example.key} className={menuStyles.item!}>{example.title}</MenuItem>}
          </Menu>
        </Popover>
      </MenuTrigger>
      {!isEmpty && (
        <>
          <Button kind="quiet" isPending={isFormatting} onPress={onFormat}>{texts.format}</Button>
          <Button kind="quiet" onPress={onOutline}>{texts.outline}</Button>
        </>
      )}
      {children}
      {chosen !== null && (
        <Confirm
          title={texts.replaceTitle} hint={texts.replaceHint} action={texts.replace} onClose={() => setChosen(null)}
          onConfirm={() => {
            setChosen(null);
            onText(chosen);
          }}
        />
      )}
    </>
  );
}
