import { Select } from "@/components/Select";
import { usePageTexts } from "@/texts/page-texts";

interface Props {
  label: string;
  /** An id; null where nothing is filtered. */
  value: string | null;
  names: ReadonlyMap<string, string> | undefined;
  onChange: (id: string) => void;
}

/** A filter of a list by what has an id, chosen by its name; one whose name is unknown stays its id. */
export function NamedFilter({ label, value, names, onChange }: Props) {
  const { audit: texts } = usePageTexts();
  const known = [...(names ?? [])].toSorted((one, other) => one[1].localeCompare(other[1]));
  const unknown = value !== null && names?.has(value) !== true ? [[value, value] as const] : [];
  return <Select label={label} value={value ?? ""} options={[["", texts.all], ...unknown, ...known]} onChange={onChange} />;
}
