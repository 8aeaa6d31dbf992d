"use strict";
// Travel times between all points (places, then zones) of every state of the network: unpacked as
// they are asked for (see maps/packed_times.py), read by row or column, summed up.
Object.assign(scicity, {
  BEYOND: 255,
  // of the tables, those used last stay unpacked
  KEPT_BYTES: 120e6,
  kept: new Map(),

  async inflate(text) {
    const packed = atob(text);
    const bytes = new Uint8Array(packed.length);
    for (let n = 0; n < packed.length; n++) bytes[n] = packed.charCodeAt(n);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  },

  // undo the differences of maps/packed_times.py, in their reverse order
  unfold(bytes, size, reference) {
    if (!reference)
      for (let row = 0; row < size; row++)
        for (let at = row * size + row + 1; at < (row + 1) * size; at++) bytes[at] += bytes[at - 1];
    for (let row = 1; row < size; row++)
      for (let column = 0, at = row * size; column < row; column++, at++)
        bytes[at] += bytes[column * size + row];
    if (reference) for (let at = 0; at < bytes.length; at++) bytes[at] = reference[at] - bytes[at];
    return bytes;
  },

  // the table of a number, points x points, minutes; a promise, the same one while it is kept
  table(number) {
    const { kept } = scicity;
    const found = kept.get(number) ?? scicity.unpacked(number);
    kept.delete(number);
    kept.set(number, found);
    const most = Math.max(4, Math.floor(scicity.KEPT_BYTES / scicity.study.size ** 2));
    for (const old of [...kept.keys()].slice(0, Math.max(0, kept.size - most))) kept.delete(old);
    return found;
  },

  async unpacked(number) {
    const { references, size } = scicity.study;
    const reference = references[number];
    const below = reference === null ? null : await scicity.table(reference);
    const bytes = await scicity.inflate(document.getElementById(`times-${number}`).textContent);
    return scicity.unfold(bytes, size, below);
  },

  tableOf: (state, mode) => scicity.table(state.times[mode]),

  // minutes from a point to all, or from all to it
  timesOf(table, point, reverse) {
    const { size } = scicity.study;
    if (!reverse) return table.subarray(point * size, (point + 1) * size);
    const times = new Uint8Array(size);
    for (let row = 0, at = point; row < size; row++, at += size) times[row] = table[at];
    return times;
  },

  // what lies within a time, of all zones
  within(times, values, minutes) {
    const { first } = scicity.study;
    let sum = 0;
    for (let zone = 0; zone < values.length; zone++)
      if (times[first + zone] <= minutes) sum += values[zone];
    return sum;
  },

  // the same for every zone
  withinAll: (table, values, minutes) =>
    Float64Array.from(values, (_, zone) =>
      scicity.within(scicity.timesOf(table, scicity.study.first + zone), values, minutes)),
});
