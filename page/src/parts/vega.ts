// Vega, loaded when a chart is to be drawn. Expressions are interpreted: a strict content policy forbids eval.
import { parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";

export type Spec = TopLevelSpec;

export async function view(spec: Spec, host?: HTMLElement): Promise<View> {
  const made = new View(parse(compile(spec).spec, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: host ? "canvas" : "none",
    ...(host ? { container: host } : {}),
    hover: false,
  } as ConstructorParameters<typeof View>[1]);
  return made.runAsync();
}
