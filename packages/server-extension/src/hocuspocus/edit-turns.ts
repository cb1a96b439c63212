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
    this.#turns.set(document, { connection, over: Promise.withResolvers() });
  }

  /** The message is handled, whatever it was. */
  end(connection: Connection): void {
    const turn = this.#turns.get(connection.document);
    if (turn?.connection !== connection) return;
    this.#turns.delete(connection.document);
    turn.over.resolve();
  }
}
