import { usePageTexts } from "@/texts/page-texts";
import styles from "./Timeline.module.css";
import { barsOf, type Call, ENDINGS } from "./timeline";

const HEIGHT = 96;
const STEP = 14;
const BAR = 10;

/** How many of the calls that are shown ended how, over time; the list below says the same in words. */
export function Timeline({ calls }: { calls: readonly Call[] }) {
  const { audit: texts, test, language } = usePageTexts();
  const bars = barsOf(calls);
  const highest = Math.max(1, ...bars.map((bar) => bar.total));
  const at = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short" });
  const label = texts.timeline(calls.length);
  return (
    <figure className={styles.figure}>
      <figcaption>{label}</figcaption>
      <svg
        role="img" aria-label={label} viewBox={`0 0 ${Math.max(bars.length, 24) * STEP} ${HEIGHT}`}
        preserveAspectRatio="none" className={styles.chart}
      >
        {bars.map((bar, place) => {
          let below = HEIGHT;
          return (
            <g key={bar.from}>
              <title>{`${at.format(bar.from)}: ${bar.total}`}</title>
              {ENDINGS.map((ending) => {
                const height = (bar.counts[ending] / highest) * HEIGHT;
                below -= height;
                return height === 0 ? null : (
                  <rect key={ending} x={place * STEP} y={below} width={BAR} height={height} className={styles[ending]} />
                );
              })}
            </g>
          );
        })}
      </svg>
      {bars.length > 0 && (
        <p className={styles.ends}><span>{at.format(bars[0]!.from)}</span><span>{at.format(bars.at(-1)!.from)}</span></p>
      )}
      <ul role="list" className={styles.legend}>
        {ENDINGS.map((ending) => (
          <li key={ending}><i className={`${styles.swatch} ${styles[ending]}`} aria-hidden />{test.outcomes[ending]}</li>
        ))}
      </ul>
    </figure>
  );
}
