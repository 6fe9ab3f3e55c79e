// Charts as Vega-Lite: what a newspaper could print, and what stands below it.
import { sideWord } from "./parts/sides";
import type { Spec } from "./parts/vega";
import type { Axes, BalanceRow, Comparison, KindRow, Published, Weighed } from "./source/types";
import { resultName } from "./unknown";
import { number, percent, t } from "./words/index.svelte";
import { level, named, titled } from "./words/titles.svelte";

const HELP = "#009e73";
const HARM = "#d55e00";
const UNSURE = "#8a8d8f";
const FONT = "Arial, Helvetica, 'Liberation Sans', 'Noto Sans CJK SC', sans-serif";
const CONFIG = {
  font: FONT,
  background: "#ffffff",
  view: { stroke: null },
  axis: { labelFontSize: 13, titleFontSize: 13, titleFontWeight: "normal", labelColor: "#1b1b1b", titleColor: "#55554f", gridColor: "#e4e4de", domainColor: "#8a8a84", tickColor: "#8a8a84", labelLimit: 400 },
  title: { anchor: "start", fontSize: 15, color: "#1b1b1b", fontWeight: 600, subtitleColor: "#55554f", subtitleFontSize: 13, offset: 8 },
  text: { fontSize: 13, color: "#1b1b1b" },
} as const;

/** Return what the two worlds of a comparison are called above their columns. */
export function heads(part: Comparison): [string, string] {
  if (part.against === "pair" && part.of === "scheme") return [sideWord("scheme"), sideWord("pair")];
  return [t(`world.${part.of}` as "world.scheme"), t(`world.${part.against}` as "world.scheme")];
}

/** Break a text into lines of about as many letters. */
export function wrapped(text: string, most: number): string[] {
  const out: string[] = [];
  const wide = (word: string) => [...word].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);
  const words = /[\u4e00-\u9fff]/.test(text) ? [...text] : text.split(" ").map((word) => `${word} `);
  for (const word of words) {
    const line = out.at(-1);
    if (line !== undefined && wide(line + word) <= most) out[out.length - 1] = line + word;
    else out.push(word);
  }
  return out.map((line) => line.trim());
}

/** Return a label of two lines at most. */
function shortened(text: string, most: number): string {
  const lines = wrapped(text, most);
  return lines.length > 2 ? `${lines[0]}\n${lines[1]!.slice(0, most - 1)}…` : lines.join("\n");
}

interface Change {
  label: string;
  value: number;
  low: number | null;
  high: number | null;
  text: string;
  colour: string;
}

export const CHANGES = ["harmful-acts", "good-deeds", "lawful-speech", "cheap-loyalty"] as const;
export const SHARES = ["refused-out-of-context", "refused-unable", "refused-wrongly", "refused-passed-on"] as const;

function toned(row: BalanceRow): string {
  if (row.low === null || row.high === null || (row.low <= 0 && row.high >= 0)) return UNSURE;
  if (!row.better || row.difference === null) return "#0072b2";
  return (row.better === "less") === row.difference < 0 ? HELP : HARM;
}

export function changes(part: Comparison): Change[] {
  return CHANGES.flatMap((key) => {
    const row = part.balance.rows.find((one) => one.key === key);
    if (!row || !row.pair || row.difference === null) return [];
    const share = (value: number | null) => (value === null ? null : (100 * value) / row.pair!);
    const value = share(row.difference)!;
    return [{ label: t(`balance.${key}`), value, low: share(row.low), high: share(row.high), text: percent(value / 100, true), colour: toned(row) }];
  });
}

export function shares(part: Comparison): { label: string; value: number; text: string }[] {
  const all = part.balance.rows.find((one) => one.key === "refused")?.scheme;
  if (!all) return [];
  return SHARES.flatMap((key) => {
    const value = part.balance.rows.find((one) => one.key === key)?.scheme;
    return value == null ? [] : [{ label: t(`balance.${key}`), value: (100 * value) / all, text: number((100 * value) / all) }];
  });
}

/** The balance sheet as one picture. */
export function balancePicture(part: Comparison, cite: string, wide: number, paper: boolean): Spec {
  const letters = Math.max(34, Math.floor(wide / 7.2));
  const narrow = wide < 560;
  const labels = narrow ? 132 : 250;
  const room = Math.max(120, wide - labels - 24);
  const limit = narrow ? 21 : 36;
  const lines = (rows: { label: string }[]) => rows.map((row) => ({ ...row, label: wrapped(row.label, limit).join("\n") }));
  const moved = lines(changes(part)) as unknown as Change[];
  const apart = lines(shares(part)) as unknown as { label: string; value: number; text: string }[];
  const most = Math.max(1, ...moved.map((one) => Math.max(Math.abs(one.low ?? one.value), Math.abs(one.high ?? one.value)))) * 1.25;
  const y = { field: "label", type: "nominal", sort: null, title: null, axis: { labels: false, minExtent: labels, maxExtent: labels, ticks: false, domain: false } };
  const step = narrow ? 60 : 38;
  // Labels of their own: those of an axis would hang below their row where they have two lines.
  const lettered = {
    mark: { type: "text", align: "right", baseline: "middle", dx: -12, lineBreak: "\n", fontWeight: "normal", dy: { expr: "-8 * (length(split(datum.label, '\\n')) - 1)" } },
    encoding: { x: { value: 0 }, y, text: { field: "label" } },
  };
  const panels = [
    {
      title: { text: wrapped(t(part.against === "pair" ? "paper.changes" : "paper.changesOther"), letters) },
      width: room,
      height: { step },
      data: { values: moved },
      layer: [
        lettered,
        { mark: { type: "rule", color: "#1b1b1b" }, encoding: { x: { datum: 0 } } },
        { mark: { type: "bar", height: 15, opacity: 0.9 }, encoding: { x: { field: "value", type: "quantitative", title: t("paper.percent"), scale: { domain: [-most, most] }, axis: { labelExpr: "datum.value === 0 ? '0' : format(datum.value, '+')", tickCount: 5 } }, y, color: { field: "colour", type: "nominal", scale: null } } },
        { mark: { type: "rule", color: "#1b1b1b", strokeWidth: 1.5 }, encoding: { x: { field: "low", type: "quantitative" }, x2: { field: "high" }, y } },
        { transform: [{ calculate: "datum.value < 0 ? 6 : -6", as: "side" }], mark: { type: "text", align: { expr: "datum.value < 0 ? 'left' : 'right'" }, dx: { expr: "datum.value < 0 ? 8 : -8" }, fontWeight: 600 }, encoding: { x: { datum: 0 }, y, text: { field: "text" } } },
      ],
    },
    ...(apart.length
      ? [
          {
            title: { text: wrapped(t("paper.shares"), letters), subtitle: wrapped(t("paper.overlap"), letters) },
            width: room,
            height: { step },
            data: { values: apart },
            layer: [
              lettered,
              { mark: { type: "bar", height: 15, color: HARM, opacity: 0.9 }, encoding: { x: { field: "value", type: "quantitative", title: t("paper.of100"), scale: { domain: [0, 100] }, axis: { tickCount: 5 } }, y } },
              { mark: { type: "text", align: "left", dx: 6, fontWeight: 600 }, encoding: { x: { field: "value", type: "quantitative" }, y, text: { field: "text" } } },
            ],
          },
        ]
      : []),
  ];
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: CONFIG,
    padding: paper ? 20 : 2,
    autosize: { type: "pad" },
    spacing: 28,
    ...(paper ? { title: { text: wrapped(t("paper.of", { scheme: titled(part.balance.scheme_title) }), 72), fontSize: 20, subtitle: wrapped(cite, 110), offset: 16 } } : {}),
    vconcat: panels,
  } as unknown as Spec;
}

type Group = Comparison["groups"][number];

/** Refusals by group, with intervals; levels in the order of the society's file. */
export function groupsChart(part: Comparison, axes: Axes | null, wide: number): Spec {
  const [trait] = Object.keys(part.groups[0]?.levels ?? {}).slice(-1);
  const other = Object.keys(part.groups[0]?.levels ?? {})[0] ?? "";
  const rank = (name: string | undefined, group: Group) =>
    axes?.groups?.find((one) => one.trait === name)?.levels.indexOf(group.levels[name ?? ""] ?? "") ?? 0;
  const sorted = [...part.groups].sort((a, b) => rank(trait, a) - rank(trait, b) || rank(other, a) - rank(other, b));
  const rows = sorted.map((group) => ({
    y: level(trait ?? "", group.levels[trait ?? ""] ?? group.group),
    row: other === trait ? "" : level(other, group.levels[other] ?? ""),
    value: group.rate.value,
    low: group.rate.low,
    high: group.rate.high,
  }));
  const many = new Set(rows.map((row) => row.row)).size;
  const title = named(axes?.groups?.find((one) => one.trait === trait)?.title);
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: CONFIG,
    padding: 4,
    data: { values: rows },
    width: Math.max(160, wide - 100),
    height: { step: 40 },
    encoding: {
      y: { field: "y", type: "nominal", sort: null, title: title || null, axis: { minExtent: 70, titleAngle: 0, titleAlign: "left", titleAnchor: "end", titleX: -74, titleY: -10 } },
      yOffset: { field: "row", type: "nominal", sort: null },
      color: { field: "row", type: "nominal", sort: null, title: null, scale: { range: ["#0072b2", "#d55e00", "#009e73", "#cc79a7"] }, legend: many > 1 ? { orient: "top", labelFontSize: 13, offset: title ? 26 : 18 } : null },
    },
    layer: [
      { mark: { type: "rule", strokeWidth: 2.5 }, encoding: { x: { field: "low", type: "quantitative", title: t("groups.unit"), scale: { zero: true }, axis: { tickCount: 6 } }, x2: { field: "high" } } },
      { mark: { type: "point", filled: true, size: 70, opacity: 1 }, encoding: { x: { field: "value", type: "quantitative" } } },
    ],
  } as unknown as Spec;
}

export const FEW = 30;
export function sure(kinds: KindRow[]): KindRow[] {
  return kinds.filter((kind) => kind.change && kind.events >= FEW).sort((a, b) => a.change!.value - b.change!.value).slice(0, 28);
}

/** The change in each kind of act, with intervals. */
export function kindsChart(part: Comparison, wide: number): Spec {
  const groups = ["harmful", "lawful-speech", "other-lawful", "good", "cheap", "other"];
  const colours = [HELP, HARM, "#cc79a7", "#0072b2", "#e69f00", UNSURE];
  const narrow = wide < 560;
  const rows = sure(part.kinds).map((kind) => ({
    label: shortened(titled(kind.title), narrow ? 22 : 34),
    value: kind.change!.value,
    low: kind.change!.low,
    high: kind.change!.high,
    group: t(`group.${kind.group}` as "group.harmful"),
  }));
  const used = groups.map((group, i) => ({ name: t(`group.${group}` as "group.harmful"), colour: colours[i]! })).filter((one) => rows.some((row) => row.group === one.name));
  const labels = narrow ? 140 : 235;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: CONFIG,
    padding: 4,
    data: { values: rows },
    width: Math.max(130, wide - labels - 40),
    height: { step: narrow ? 38 : 34 },
    encoding: {
      y: { field: "label", type: "nominal", sort: null, title: null, axis: { labelExpr: "split(datum.label, '\\n')", minExtent: labels, maxExtent: labels, grid: true, ticks: false } },
      color: { field: "group", type: "nominal", title: null, scale: { domain: used.map((one) => one.name), range: used.map((one) => one.colour) }, legend: { orient: "top", columns: narrow ? 1 : 4, labelFontSize: 13, labelLimit: 300 } },
    },
    layer: [
      { mark: { type: "rule", color: "#1b1b1b" }, encoding: { x: { datum: 0 }, y: null, color: { value: "#1b1b1b" } } },
      { mark: { type: "rule", strokeWidth: 2.5 }, encoding: { x: { field: "low", type: "quantitative", title: t("kinds.unit"), axis: { tickCount: 6 } }, x2: { field: "high" } } },
      { mark: { type: "point", filled: true, size: 70, opacity: 1 }, encoding: { x: { field: "value", type: "quantitative" } } },
    ],
  } as unknown as Spec;
}

/** How far each result moves over the ranges of numbers that nobody knows: a panel for each unit. */
export function weightsChart(told: Weighed, wide: number): Spec {
  const narrow = wide < 560;
  const labels = narrow ? 140 : 235;
  const panels = [
    { unit: t("weights.file"), rows: told.results.filter((one) => one.kind === "grade" || one.kind === "moved") },
    { unit: t("weights.requests"), rows: told.results.filter((one) => one.kind === "refused" || one.kind === "favour") },
  ].filter((panel) => panel.rows.length);
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: CONFIG,
    padding: 4,
    spacing: 24,
    vconcat: panels.map((panel) => ({
      data: { values: panel.rows.map((one) => ({ label: shortened(resultName(one), narrow ? 22 : 34), low: one.low, median: one.median, high: one.high, taken: one.taken })) },
      width: Math.max(130, wide - labels - 40),
      height: { step: narrow ? 38 : 34 },
      encoding: { y: { field: "label", type: "nominal", sort: null, title: null, axis: { labelExpr: "split(datum.label, '\\n')", minExtent: labels, maxExtent: labels, labelPadding: 9, grid: true, ticks: false } } },
      layer: [
        { mark: { type: "rule", strokeWidth: 5, color: "#9fc4dc" }, encoding: { x: { field: "low", type: "quantitative", title: panel.unit, scale: { zero: true }, axis: { tickCount: 6 } }, x2: { field: "high" } } },
        { mark: { type: "tick", thickness: 2.5, size: 14, color: "#004a75" }, encoding: { x: { field: "median", type: "quantitative" } } },
        { mark: { type: "point", filled: true, size: 70, opacity: 1, color: "#d55e00" }, encoding: { x: { field: "taken", type: "quantitative" } } },
      ],
    })),
  } as unknown as Spec;
}

/** Published figures and ours as dots on one axis, a panel for each unit. */
export function publishedChart(told: Published, wide: number): Spec {
  const narrow = wide < 560;
  const labels = narrow ? 140 : 300;
  const names = [t("published.published"), t("published.ours")];
  const found = told.rows.flatMap((row) => (row.figures ? [{ ...row.figures, label: shortened(row.what, narrow ? 22 : 44) }] : []));
  const units = [...new Set(found.map((one) => one.unit))];
  const y = { field: "label", type: "nominal", sort: null, title: null, axis: { labelExpr: "split(datum.label, '\\n')", minExtent: labels, maxExtent: labels, labelPadding: 9, grid: true, ticks: false } };
  const who = { field: "who", type: "nominal", sort: null, title: null, legend: { orient: "top", labelFontSize: 13, symbolOpacity: 1 } };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: CONFIG,
    padding: 4,
    spacing: 24,
    vconcat: units.map((unit) => {
      const rows = found.filter((one) => one.unit === unit);
      return {
        width: Math.max(130, wide - labels - 40),
        height: { step: narrow ? 38 : 34 },
        layer: [
          { data: { values: rows }, mark: { type: "rule", strokeWidth: 2, color: "#b9b9b2" }, encoding: { y, x: { field: "published", type: "quantitative", title: t(unit ? "published.percent" : "published.number"), axis: { tickCount: narrow ? 4 : 6 } }, x2: { field: "ours" } } },
          ...names.map((name, at) => ({
            data: { values: rows.map((one) => ({ label: one.label, who: name, value: at ? one.ours : one.published })) },
            mark: { type: "point", strokeWidth: 2.4, opacity: 1, size: at ? 45 : 190 },
            encoding: {
              y,
              x: { field: "value", type: "quantitative" },
              color: { ...who, scale: { domain: names, range: ["#0072b2", "#d55e00"] } },
              shape: { ...who, scale: { domain: names, range: ["square", "circle"] } },
            },
          })),
        ],
      };
    }),
  } as unknown as Spec;
}
