import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "@/api/problem";
import type { Change, Fields } from "./draft";
import { AGAIN_MS, BURST_MS, DraftStore, PAUSE_MS, type Stored, type Typed } from "./draft-store";

const BASE: Fields = { name: "Desk", description: "", instructions: "", starters: [] };

/** A draft kept as the platform keeps one; `refusals` are thrown before anything is stored. */
class KeptDraft {
  stored: Stored = { fields: BASE, etag: '"1"' };
  sent: Change[] = [];
  refusals: Problem[] = [];
  remembered: Typed | null = null;

  read = () => Promise.resolve(this.stored);
  remember = (typed: Typed | null) => { this.remembered = typed; };
  patch = (change: Change, etag: string) => {
    this.sent.push(change);
    const refusal = this.refusals.shift();
    if (refusal !== undefined) return Promise.reject(refusal);
    if (etag !== this.stored.etag) return Promise.reject(problem(412, "platform.changed_meanwhile"));
    this.changeBySomebody(change);
    return Promise.resolve(this.stored);
  };

  changeBySomebody(change: Change) {
    const etag = `"${Number(this.stored.etag.slice(1, -1)) + 1}"`;
    this.stored = { fields: { ...this.stored.fields, ...change }, etag };
  }
}

const problem = (status: number, code: string) => new Problem({ status, code, detail: code });
let kept: KeptDraft;
let draft: DraftStore;

beforeEach(() => {
  vi.useFakeTimers();
  kept = new KeptDraft();
  draft = new DraftStore(kept.stored, null, kept);
});
afterEach(() => vi.useRealTimers());

test("saves once, after a pause, what changed", async () => {
  draft.change({ name: "Weather" });
  draft.change({ name: "Weather desk" });
  await vi.advanceTimersByTimeAsync(PAUSE_MS);

  expect(kept.sent).toEqual([{ name: "Weather desk" }]);
  expect(draft.view().saving).toBe("saved");
  expect(kept.remembered).toBeNull();
});

test("what is typed while a save is under way is saved after it", async () => {
  draft.change({ name: "A" });
  vi.advanceTimersByTime(PAUSE_MS);
  draft.change({ name: "AB" });
  await vi.advanceTimersByTimeAsync(2 * PAUSE_MS);

  expect(kept.stored.fields.name).toBe("AB");
  expect(kept.sent).toHaveLength(2);
});

test("an empty starter is not saved, and one that is filled in is", async () => {
  draft.change({ starters: ["", " "] });
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect([kept.sent, draft.view().saving]).toEqual([[], "saved"]);

  draft.change({ starters: ["", "Will it rain?"] });
  await vi.advanceTimersByTimeAsync(PAUSE_MS);

  expect(kept.stored.fields.starters).toEqual(["Will it rain?"]);
  expect(draft.view().fields.starters).toHaveLength(2);
});

test("nothing without a name is saved", async () => {
  draft.change({ name: " " });
  await vi.advanceTimersByTimeAsync(10 * PAUSE_MS);

  expect(kept.sent).toEqual([]);
  expect(draft.view().saving).toBe("waiting");
});

test("somebody else's change of another field is taken over", async () => {
  kept.changeBySomebody({ instructions: "Be kind." });
  draft.change({ name: "Weather" });
  await vi.advanceTimersByTimeAsync(2 * PAUSE_MS);

  expect(draft.view().fields).toEqual({ ...BASE, name: "Weather", instructions: "Be kind." });
  expect(kept.stored.fields.name).toBe("Weather");
});

test.each([["mine", "Mine"], ["theirs", "Theirs"]] as const)(
  "somebody else's change of the same field waits until one decides: %s",
  async (side, name) => {
    kept.changeBySomebody({ name: "Theirs" });
    draft.change({ name: "Mine" });
    await vi.advanceTimersByTimeAsync(10 * PAUSE_MS);
    expect(draft.view().conflicts).toEqual(new Map([["name", "Theirs"]]));
    expect(kept.stored.fields.name).toBe("Theirs");

    draft.decide("name", side);
    await vi.advanceTimersByTimeAsync(PAUSE_MS);

    expect(kept.stored.fields.name).toBe(name);
    expect(draft.view().saving).toBe("saved");
  },
);

test("offline, what is typed is remembered and saved once the platform answers", async () => {
  kept.refusals = [problem(0, "console.no_answer")];
  draft.change({ name: "Weather" });
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(draft.view().saving).toBe("failed");
  expect(kept.remembered?.fields.name).toBe("Weather");

  await vi.advanceTimersByTimeAsync(AGAIN_MS);

  expect(kept.stored.fields.name).toBe("Weather");
});

test("what is refused for good is not sent again by itself", async () => {
  kept.refusals = [problem(403, "catalog.edit_denied")];
  draft.change({ name: "Weather" });
  await vi.advanceTimersByTimeAsync(10 * AGAIN_MS);

  expect(kept.sent).toHaveLength(1);
  expect(draft.view().error).toMatchObject({ code: "catalog.edit_denied" });
});

test("what was typed before a reload is saved, beside what somebody else saved meanwhile", async () => {
  kept.changeBySomebody({ instructions: "Be kind." });
  draft = new DraftStore(kept.stored, { base: BASE, fields: { ...BASE, name: "Before" } }, kept);
  await vi.advanceTimersByTimeAsync(PAUSE_MS);

  expect(kept.stored.fields).toEqual({ ...BASE, name: "Before", instructions: "Be kind." });
});

test("undo takes back one change after the other, and saves that", async () => {
  draft.change({ name: "A" });
  draft.change({ description: "B" });
  draft.undo();
  expect(draft.view().fields).toEqual({ ...BASE, name: "A" });
  draft.undo();
  await vi.advanceTimersByTimeAsync(PAUSE_MS);

  expect(draft.view()).toMatchObject({ fields: BASE, canUndo: false, saving: "saved" });
});

test("undo takes back a burst of typing at once, and a pause or another field ends one", () => {
  for (const name of ["A", "AB", "ABC"]) draft.change({ name });
  vi.advanceTimersByTime(BURST_MS + 1);
  draft.change({ name: "ABCD" });
  draft.change({ description: "B" });

  const undone = Array.from({ length: 3 }, () => {
    draft.undo();
    return [draft.view().fields.name, draft.view().fields.description];
  });

  expect(undone).toEqual([["ABCD", ""], ["ABC", ""], ["Desk", ""]]);
  expect(draft.view().canUndo).toBe(false);
});

test("redo brings back what was undone, until something else is typed", () => {
  draft.change({ name: "A" });
  draft.change({ description: "B" });
  draft.undo();
  draft.undo();

  draft.redo();
  expect(draft.view()).toMatchObject({ fields: { ...BASE, name: "A" }, canUndo: true, canRedo: true });
  draft.change({ name: "Other" });

  expect(draft.view().canRedo).toBe(false);
  draft.redo();
  expect(draft.view().fields.name).toBe("Other");
});

test("a change right after undo is a step of its own", () => {
  draft.change({ name: "A" });
  draft.change({ description: "B" });
  draft.undo();
  draft.change({ name: "AB" });
  draft.undo();

  expect(draft.view().fields.name).toBe("A");
});

test("a conflict that is open at a reload is open after it, whatever was typed since", async () => {
  kept.changeBySomebody({ name: "Theirs" });
  draft.change({ name: "Mine" });
  await vi.advanceTimersByTimeAsync(2 * PAUSE_MS);
  draft.change({ description: "Typed during the conflict" });
  draft.close();

  draft = new DraftStore(kept.stored, kept.remembered, kept);
  await vi.advanceTimersByTimeAsync(10 * PAUSE_MS);

  expect(draft.view().conflicts).toEqual(new Map([["name", "Theirs"]]));
  expect(draft.view().fields).toMatchObject({ name: "Mine", description: "Typed during the conflict" });
  expect(kept.stored.fields.name).toBe("Theirs");
});

test("after theirs was taken, undo brings mine back", async () => {
  kept.changeBySomebody({ name: "Theirs" });
  draft.change({ name: "Mine" });
  await vi.advanceTimersByTimeAsync(2 * PAUSE_MS);
  draft.decide("name", "theirs");

  draft.undo();
  await vi.advanceTimersByTimeAsync(PAUSE_MS);

  expect(kept.stored.fields.name).toBe("Mine");
});

test("undo takes back my change, and not what somebody else changed since", async () => {
  draft.change({ name: "Mine" });
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  kept.changeBySomebody({ description: "Theirs" });
  draft.change({ instructions: "Also mine" });
  await vi.advanceTimersByTimeAsync(2 * PAUSE_MS);

  draft.undo();
  draft.undo();
  await vi.advanceTimersByTimeAsync(2 * PAUSE_MS);

  expect(kept.stored.fields).toEqual({ ...BASE, description: "Theirs" });
});

test("what is typed while a save runs is no conflict with that save after a reload", async () => {
  draft.change({ name: "A" });
  vi.advanceTimersByTime(PAUSE_MS);
  draft.change({ name: "AB" });
  await vi.advanceTimersByTimeAsync(0);
  draft.close();

  draft = new DraftStore(kept.stored, kept.remembered, kept);

  expect(kept.stored.fields.name).toBe("A");
  expect(draft.view().conflicts.size).toBe(0);
  expect(draft.view().fields.name).toBe("AB");
});
