import { usePageTexts } from "@/texts/page-texts";
import styles from "./Timeline.module.css";
import { type Bar, barsOf, type Call, ENDINGS } from "./timeline";
import { labelsOf, placeOf, scaleOf } from "./timeline-axis";

const DAY = 24 * 60 * 60_000;

/** How many of the calls that are shown ended how, over time; the list below says the same in words. */
export function Timeline({ calls }: { calls: readonly Call[] }) {
  const { audit: texts, test, language } = usePageTexts();
  const bars = barsOf(calls);
  const scale = scaleOf(Math.max(0, ...bars.map((bar) => bar.total)));
  const at = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short" });
  const short = new Intl.DateTimeFormat(language, formatOf(bars));
  const label = texts.timeline(calls.length);
  return (
    <figure className={styles.figure}>
      <figcaption>{label}</figcaption>
      <div className={styles.plot}>
        <div className={styles.scale} aria-hidden>{scale.map((count) => <span key={count}>{count}</span>)}</div>
        <svg role="img" aria-label={label} className={styles.chart}>
          {scale.map((count) => {
            const y = `${100 - (count / scale[0]!) * 100}%`;
            return <line key={count} x1="0" x2="100%" y1={y} y2={y} className={styles.line} />;
          })}
          {bars.map((bar, place) => (
            <g key={bar.from}>
              <title>{`${at.format(bar.from)}: ${bar.total}`}</title>
              <Stack bar={bar} top={scale[0]!} {...placeOf(place, bars.length)} />
            </g>
          ))}
        </svg>
        <svg aria-hidden className={styles.times}>
          {labelsOf(bars).map(({ from, x, anchor }) => (
            <text key={from} x={`${x}%`} y="75%" textAnchor={anchor} className={anchor === "middle" && bars.length > 1 ? styles.middle : undefined}>
              {short.format(from)}
            </text>
          ))}
        </svg>
      </div>
      <ul role="list" className={styles.legend}>
        {ENDINGS.map((ending) => (
          <li key={ending}><i className={`${styles.swatch} ${styles[ending]}`} aria-hidden />{test.outcomes[ending]}</li>
        ))}
      </ul>
      <div className="only-for-screen-readers">
        <table>
          <caption>{label}</caption>
          <thead><tr><th scope="col">{texts.when}</th>{ENDINGS.map((one) => <th key={one} scope="col">{test.outcomes[one]}</th>)}</tr></thead>
          <tbody>
            {bars.filter((bar) => bar.total > 0).map((bar) => (
              <tr key={bar.from}>
                <th scope="row">{at.format(bar.from)}</th>
                {ENDINGS.map((one) => <td key={one}>{bar.counts[one]}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

interface StackProps {
  bar: Bar;
  /** The scale's highest number. */
  top: number;
  x: number;
  width: number;
}

function Stack({ bar, top, x, width }: StackProps) {
  let below = 100;
  return ENDINGS.map((ending) => {
    const height = (bar.counts[ending] / top) * 100;
    below -= height;
    return height === 0 ? null : (
      <rect key={ending} x={`${x}%`} y={`${below}%`} width={`${width}%`} height={`${height}%`} className={styles[ending]} />
    );
  });
}

/** Days have dates, bars of one day have times, and everything between has both. */
function formatOf(bars: readonly Bar[]): Intl.DateTimeFormatOptions {
  const [first, second, last] = [bars[0], bars[1], bars.at(-1)];
  if (first === undefined || second === undefined || last === undefined) return { dateStyle: "short", timeStyle: "short" };
  if (second.from - first.from >= DAY) return { day: "numeric", month: "short" };
  if (new Date(first.from).toDateString() === new Date(last.from).toDateString()) return { timeStyle: "short" };
  return { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
}
