// Changes of a scheme, as a patch file writes them: one for each thing that was moved.
import type { Edit, Rule, Scheme } from "./source/types";

type Target = "rule" | "door";

const isSet = (edit: Edit, kind: Target, name: string) => edit[kind] === name;
const isDrop = (edit: Edit, kind: Target, name: string) => (edit["drop"] as Record<string, string> | undefined)?.[kind] === name;

export function pointsOf(edits: Edit[], rule: Rule): number {
  const found = edits.find((edit) => isSet(edit, "rule", rule.name));
  const points = (found?.["set"] as Record<string, unknown> | undefined)?.["points"];
  return typeof points === "number" ? points : rule.low;
}

export const isOff = (edits: Edit[], rule: Rule) => edits.some((edit) => isDrop(edit, "rule", rule.name));

export function withPoints(edits: Edit[], rule: Rule, points: number): Edit[] {
  const rest = edits.filter((edit) => !isSet(edit, "rule", rule.name) && !isDrop(edit, "rule", rule.name));
  return points === rule.low && rule.low === rule.high ? rest : [...rest, { rule: rule.name, set: { points } }];
}

export function withOff(edits: Edit[], rule: Rule, off: boolean): Edit[] {
  const rest = edits.filter((edit) => !isSet(edit, "rule", rule.name) && !isDrop(edit, "rule", rule.name));
  return off ? [...rest, { drop: { rule: rule.name } }] : rest;
}

export function gradesOf(edits: Edit[], scheme: Scheme, door: string): string[] {
  const found = edits.find((edit) => isSet(edit, "door", door));
  const refuse = (found?.["set"] as { refuse?: { grades?: string[] } } | undefined)?.refuse;
  return refuse?.grades ?? scheme.doors.find((one) => one.name === door)?.grades ?? [];
}

export function withGrades(edits: Edit[], scheme: Scheme, door: string, grades: string[]): Edit[] {
  const rest = edits.filter((edit) => !isSet(edit, "door", door));
  const first = scheme.doors.find((one) => one.name === door);
  const order = scheme.bands.map((band) => band.name);
  const sorted = [...grades].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  if (String(sorted) === String([...(first?.grades ?? [])].sort((a, b) => order.indexOf(a) - order.indexOf(b)))) return rest;
  const lists = first?.lists.length ? { lists: first.lists } : {};
  return [...rest, { door, set: { refuse: { grades: sorted, ...lists } } }];
}

/** Return how far a slider goes: to twice the points, and far enough where they are few. */
export function reach(rule: Rule): [number, number] {
  const most = Math.max(Math.abs(rule.low), Math.abs(rule.high));
  return rule.low > 0 ? [0, Math.max(50, 2 * most)] : [-Math.max(100, 2 * most), 0];
}
