import { Button } from "@/components/Button";
import listStyles from "@/components/PagedList.module.css";
import { Row } from "@/components/Row";
import { SearchField } from "@/components/SearchField";
import { usePageTexts } from "@/texts/page-texts";

const SEARCH_FROM = 8;

interface Props {
  domains: readonly string[];
  wanted: string;
  /** The one that is on its way out. */
  removing: string | null;
  onSearch: (text: string) => void;
  onRemove: (domain: string) => void;
}

export function DomainList({ domains, wanted, removing, onSearch, onRemove }: Props) {
  const { domains: texts } = usePageTexts();
  const found = domains.filter((domain) => domain.includes(wanted.trim().toLowerCase()));
  return (
    <>
      {(domains.length >= SEARCH_FROM || wanted !== "") && <SearchField label={texts.search} value={wanted} onChange={onSearch} />}
      {found.length === 0 && domains.length > 0 && <p>{texts.noneFound}</p>}
      {found.length > 0 && (
        <ul role="list" className={listStyles.list}>
          {found.map((domain) => (
            <li key={domain}>
              <Row title={domain} detail={texts.alsoBelow}>
                <Button
                  kind="quiet" aria-label={texts.disallow(domain)} isPending={removing === domain}
                  onPress={() => onRemove(domain)}
                >
                  {texts.remove}
                </Button>
              </Row>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
