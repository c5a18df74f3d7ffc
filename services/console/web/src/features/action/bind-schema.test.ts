import { beforeEach, expect, test } from "vitest";
import { Problem } from "@/api/problem";
import { type Bound, bindSchema } from "./bind-schema";

/** An action of a GPT whose ETag counts its changes; `meanwhile` happens before the next change. */
class KeptAction {
  bound: Bound = { schemaId: "sch_1", operations: ["a", "b"], etag: "1" };
  sent: unknown[] = [];
  meanwhile: (() => void)[] = [];

  read = () => Promise.resolve(this.bound);
  offered = () => Promise.resolve(2);
  patch = (change: { schema_id: string }, etag: string) => {
    this.meanwhile.shift()?.();
    if (etag !== this.bound.etag) {
      return Promise.reject(new Problem({ status: 412, code: "platform.changed_meanwhile", detail: "" }));
    }
    this.sent.push(change);
    this.change({ schemaId: change.schema_id });
    return Promise.resolve();
  };

  change(change: Partial<Bound>) {
    this.bound = { ...this.bound, ...change, etag: `${this.bound.etag}1` };
  }
}

let action: KeptAction;
beforeEach(() => { action = new KeptAction(); });

test("an action that offers all operations offers all of its next schema", async () => {
  await bindSchema("sch_1", "sch_2", action);

  expect(action.sent).toEqual([{ schema_id: "sch_2", operations: null }]);
});

test("operations that were chosen in another tab a moment ago stay chosen", async () => {
  action.meanwhile.push(() => action.change({ operations: ["a"] }));

  await bindSchema("sch_1", "sch_2", action);

  expect(action.sent).toEqual([{ schema_id: "sch_2" }]);
});

test("a schema that another tab saved is not replaced unseen", async () => {
  action.change({ schemaId: "sch_theirs" });

  await expect(bindSchema("sch_1", "sch_2", action)).rejects.toMatchObject({ code: "console.schema_saved_meanwhile" });
  expect(action.bound.schemaId).toBe("sch_theirs");
});

test("a schema that another tab saves between reading and binding is not replaced either", async () => {
  action.meanwhile.push(() => action.change({ schemaId: "sch_theirs" }));

  await expect(bindSchema("sch_1", "sch_2", action)).rejects.toMatchObject({ code: "console.schema_saved_meanwhile" });
  expect(action.bound.schemaId).toBe("sch_theirs");
});

test("a GPT that changes at each try is refused after three of them", async () => {
  const change = () => action.change({});
  action.meanwhile.push(change, change, change, change);

  await expect(bindSchema("sch_1", "sch_2", action)).rejects.toMatchObject({ code: "platform.changed_meanwhile" });
  expect(action.meanwhile).toHaveLength(1);
});
