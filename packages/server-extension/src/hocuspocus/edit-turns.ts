import type { Connection, Document } from '@hocuspocus/server';

interface Turn {
  connection: Connection;
  over: PromiseWithResolvers<void>;
}

/**
 * Where there are comments, the edits of a document take turns, each from its verdict until it is applied: Hocuspocus
 * awaits in between, and another edit that is applied meanwhile could make something else of a comment.
 */
export class EditTurns {
  readonly #turns = new WeakMap<Document, Turn>();

  /** Waits until no other edit of the document is under way. */
  async begin(connection: Connection): Promise<void> {
    const { document } = connection;
    for (let turn = this.#turns.get(document); turn !== undefined; turn = this.#turns.get(document)) {
      await turn.over.promise;
    }
    const turn = { connection, over: Promise.withResolvers<void>() };
    this.#turns.set(document, turn);
    // A hook of somebody else may keep the end from being told; by then it is applied.
    setImmediate(() => this.#finish(turn));
  }

  /** The message is handled, whatever it was. */
  end(connection: Connection): void {
    const turn = this.#turns.get(connection.document);
    if (turn?.connection === connection) this.#finish(turn);
  }

  #finish(turn: Turn): void {
    const { document } = turn.connection;
    if (this.#turns.get(document) === turn) this.#turns.delete(document);
    turn.over.resolve();
  }
}
