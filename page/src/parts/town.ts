// Where everything stands on the town map: districts as tiles of equal area per citizen, citizens as cells in them.

export interface Tile {
  place: number;
  x: number;
  y: number;
  wide: number;
  high: number;
}

export interface Grid {
  tile: Tile;
  x: number;
  y: number;
  columns: number;
  cell: number;
  count: number;
}

const STREET = 5;

/** Lay out districts as a squarified tree map: the area of each is its share of the people. */
export function tiles(people: readonly number[], wide: number, high: number): Tile[] {
  const order = people.map((count, place) => ({ count, place })).filter((one) => one.count > 0);
  order.sort((a, b) => b.count - a.count || a.place - b.place);
  const total = order.reduce((sum, one) => sum + one.count, 0);
  const out: Tile[] = [];
  let x = 0;
  let y = 0;
  let w = wide;
  let h = high;
  let at = 0;
  const scale = (wide * high) / Math.max(1, total);
  while (at < order.length) {
    const along = Math.min(w, h);
    let row: typeof order = [];
    let best = Infinity;
    while (at + row.length < order.length) {
      const next = [...row, order[at + row.length]!];
      const worst = ratio(next.map((one) => one.count * scale), along);
      if (worst > best) break;
      best = worst;
      row = next;
    }
    const area = row.reduce((sum, one) => sum + one.count * scale, 0);
    const thick = area / along;
    let shift = 0;
    for (const one of row) {
      const length = (one.count * scale) / thick;
      out.push(
        w <= h
          ? { place: one.place, x: x + shift, y, wide: length, high: thick }
          : { place: one.place, x, y: y + shift, wide: thick, high: length },
      );
      shift += length;
    }
    if (w <= h) [y, h] = [y + thick, h - thick];
    else [x, w] = [x + thick, w - thick];
    at += row.length;
  }
  return out.map((tile) => ({
    place: tile.place,
    x: tile.x + STREET / 2,
    y: tile.y + STREET / 2,
    wide: Math.max(1, tile.wide - STREET),
    high: Math.max(1, tile.high - STREET),
  }));
}

function ratio(areas: number[], along: number): number {
  const sum = areas.reduce((a, b) => a + b, 0);
  const most = Math.max(...areas);
  const least = Math.min(...areas);
  return Math.max((along * along * most) / (sum * sum), (sum * sum) / (along * along * least));
}

/** Put `counts[place]` cells into the tiles, as large as each tile allows; `head` is kept free for its name. */
export function grids(all: readonly Tile[], counts: readonly number[], head: number): Grid[] {
  return all.map((tile) => {
    const count = counts[tile.place] ?? 0;
    const wide = tile.wide - 4;
    const high = Math.max(1, tile.high - head - 4);
    const fits = (cell: number) => {
      const columns = Math.floor(wide / cell);
      return columns > 0 && Math.ceil(count / columns) * cell <= high;
    };
    let low = 0.1;
    let most = 40;
    for (let step = 0; step < 24; step++) {
      const middle = (low + most) / 2;
      if (fits(middle)) low = middle;
      else most = middle;
    }
    return { tile, x: tile.x + 2, y: tile.y + head + 2, columns: Math.max(1, Math.floor(wide / low)), cell: low, count };
  });
}

/** Return the places of `count` cells strewn about: the same for the same number, and each once. */
export function strewn(count: number): Uint32Array {
  const out = Uint32Array.from({ length: count }, (_, i) => i);
  let state = count >>> 0;
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (i + 1));
    [out[i], out[other]] = [out[other]!, out[i]!];
  }
  return out;
}

/** Return which cell of a grid lies at a point; -1 where there is none. */
export function cellAt(grid: Grid, x: number, y: number): number {
  const column = Math.floor((x - grid.x) / grid.cell);
  const row = Math.floor((y - grid.y) / grid.cell);
  if (column < 0 || row < 0 || column >= grid.columns) return -1;
  const at = row * grid.columns + column;
  return at < grid.count ? at : -1;
}
