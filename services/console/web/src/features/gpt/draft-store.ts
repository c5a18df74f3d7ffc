import { Problem } from "@/api/problem";
import { changesOf, type Change, FIELD_NAMES, type FieldName, type Fields, isComplete, merge, pick, storable } from "./draft";

export const PAUSE_MS = 700;
export const AGAIN_MS = 5_000;
/** What is typed into one field with no longer pause than this is one step to undo. */
export const BURST_MS = 1_000;
const MAX_UNDO = 100;

/** What is stored of a draft, and the ETag that the next change is based on. */
export interface Stored {
  fields: Fields;
  etag: string;
}

/** What is typed and not stored yet, and what was stored when it was typed. */
export interface Typed {
  base: Fields;
  fields: Fields;
}

/** What the store needs of the world. */
export interface Keeping {
  read: () => Promise<Stored>;
  /** Throws `Problem` 412 where somebody changed the draft since `etag`. */
  patch: (change: Change, etag: string) => Promise<Stored>;
  /** For after a reload; null once everything is stored. */
  remember: (typed: Typed | null) => void;
}

export interface DraftView {
  fields: Fields;
  saving: "saved" | "waiting" | "saving" | "failed";
  error: unknown;
  /** Fields that somebody else changed, too, with their value; nothing is saved until one decides. */
  conflicts: ReadonlyMap<FieldName, Fields[FieldName]>;
  canUndo: boolean;
  canRedo: boolean;
}

/** A draft that saves itself after a pause in typing, one request at a time. */
export class DraftStore {
  #view: DraftView;
  #stored: Stored;
  /** As `#stored`, but with the value before both changes where a conflict is open. */
  #base: Fields;
  /** What each change replaced; fields that it left alone may be somebody else's by now. */
  #past: Change[] = [];
  /** What each undo replaced. */
  #future: Change[] = [];
  /** The field that is typed into, and when it was last; null where the next change is a step of its own. */
  #burst: { field: string; at: number } | null = null;
  #busy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #keeping: Keeping;
  readonly #listeners = new Set<() => void>();

  constructor(stored: Stored, typed: Typed | null, keeping: Keeping) {
    this.#stored = stored;
    this.#base = stored.fields;
    this.#keeping = keeping;
    const saving = typed === null ? "saved" : "waiting";
    this.#view = { fields: stored.fields, saving, error: null, conflicts: new Map(), canUndo: false, canRedo: false };
    if (typed !== null) this.#merge(typed.base, typed.fields);
  }

  readonly view = (): DraftView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  change(change: Change): void {
    const field = fieldTyped(change);
    const at = Date.now();
    const goesOn = this.#burst !== null && this.#burst.field === field && at - this.#burst.at <= BURST_MS;
    if (!goesOn) this.#keepForUndo(namesIn(change));
    this.#burst = { field, at };
    this.#type({ ...this.#view.fields, ...change });
  }

  undo(): void {
    this.#step(this.#past, this.#future);
  }

  /** Take back what was undone last; the next change forgets what could be. */
  redo(): void {
    this.#step(this.#future, this.#past);
  }

  /** Take their value of a field that both changed, or write mine over it. */
  decide(field: FieldName, side: "mine" | "theirs"): void {
    const theirs = this.#view.conflicts.get(field);
    const conflicts = new Map([...this.#view.conflicts].filter(([name]) => name !== field));
    this.#show({ conflicts });
    this.#base = { ...this.#base, [field]: this.#stored.fields[field] };
    if (side === "theirs") this.#keepForUndo([field]);
    this.#type(side === "theirs" ? { ...this.#view.fields, [field]: theirs } : this.#view.fields);
  }

  retry(): void {
    this.#schedule(0);
  }

  /** Stop saving; what is typed stays remembered. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #keepForUndo(names: readonly FieldName[]): void {
    this.#past = [...this.#past, pick(this.#view.fields, names)].slice(-MAX_UNDO);
    this.#future = [];
    this.#burst = null;
  }

  #step(from: Change[], to: Change[]): void {
    const change = from.pop();
    if (change === undefined) return;
    to.push(pick(this.#view.fields, namesIn(change)));
    this.#burst = null;
    this.#type({ ...this.#view.fields, ...change });
  }

  #type(fields: Fields): void {
    this.#show({ fields, saving: "waiting", canUndo: this.#past.length > 0, canRedo: this.#future.length > 0 });
    this.#remember();
    this.#schedule(PAUSE_MS);
  }

  #remember(): void {
    this.#keeping.remember({ base: this.#base, fields: this.#view.fields });
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), delay);
  }

  async #save(): Promise<void> {
    if (this.#busy || this.#view.conflicts.size > 0 || !isComplete(this.#view.fields)) return;
    const wanted = this.#view.fields;
    const change = changesOf(this.#stored.fields, storable(wanted));
    if (Object.keys(change).length === 0) {
      this.#finish();
      return;
    }
    this.#busy = true;
    this.#show({ saving: "saving" });
    try {
      this.#stored = await this.#keeping.patch(change, this.#stored.etag);
      this.#base = this.#stored.fields;
      this.#show({ error: null });
      this.#busy = false;
      if (this.#view.fields === wanted) {
        this.#finish();
        return;
      }
      this.#remember(); // what was typed meanwhile is based on what was just stored
      this.#schedule(PAUSE_MS);
    } catch (error) {
      this.#busy = false;
      if (isChangedMeanwhile(error)) await this.#mergeTheirs();
      else this.#fail(error);
    }
  }

  async #mergeTheirs(): Promise<void> {
    const before = this.#base;
    try {
      this.#stored = await this.#keeping.read();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#merge(before, this.#view.fields);
  }

  #merge(before: Fields, mine: Fields): void {
    const theirs = this.#stored.fields;
    const { values, conflicts } = merge(before, mine, theirs);
    this.#base = { ...theirs, ...pick(before, conflicts) };
    this.#show({
      fields: values, saving: "waiting", conflicts: new Map(conflicts.map((name) => [name, theirs[name]])),
    });
    this.#schedule(0);
  }

  #finish(): void {
    this.#keeping.remember(null);
    this.#show({ saving: "saved", error: null });
  }

  #fail(error: unknown): void {
    this.#show({ saving: "failed", error });
    if (error instanceof Problem && error.isTransient) this.#schedule(AGAIN_MS);
  }

  #show(part: Partial<DraftView>): void {
    this.#view = { ...this.#view, ...part };
    for (const listener of this.#listeners) listener();
  }
}

/** A row that comes or goes among the starters is a change of its own. */
function fieldTyped(change: Change): string {
  return `${Object.keys(change).join()} ${change.starters?.length ?? ""}`;
}

function isChangedMeanwhile(error: unknown): boolean {
  return error instanceof Problem && error.code === "platform.changed_meanwhile";
}

function namesIn(change: Change): FieldName[] {
  return FIELD_NAMES.filter((name) => name in change);
}
