// What a view asked the server for: the answer, or what went wrong; an answer to a question that nobody asks any more is dropped.

export class Asked<T> {
  told = $state.raw<T | null>(null);
  trouble = $state.raw<unknown>(null);
  busy = $state(false);

  /** Ask; `ours` says whether what was asked is still what is wanted, `came` hears of an answer that is. */
  async ask(find: () => Promise<T | null>, ours: () => boolean, came?: (found: T) => void): Promise<void> {
    this.busy = true;
    this.trouble = null;
    try {
      const found = await find();
      if (!ours() || !found) return;
      this.told = found;
      came?.(found);
    } catch (error) {
      if (ours()) this.trouble = error;
    } finally {
      if (ours()) this.busy = false;
    }
  }
}
